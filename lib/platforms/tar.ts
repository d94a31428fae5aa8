/** A file of an archive. */
export interface TarEntry {
    /** Path in the archive, up to 100 ASCII characters. */
    readonly name: string;
    readonly content: Uint8Array;
}

const BLOCK = 512;
/** Archives end on a multiple of this many bytes, as tar itself makes them. */
const RECORD = 20 * BLOCK;

/**
 * A tar archive of executable files, which depends on nothing but their names and contents: no owner, no time (POSIX.1-1988,
 * `ustar`). It is not compressed, since what a compressor makes depends on its version.
 */
export function tarOf(entries: readonly TarEntry[]): Buffer {
    const parts = entries.flatMap(({ name, content }) => [
        headerOf(name, content.length),
        content,
        Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
    ]);
    const length = parts.reduce((sum, part) => sum + part.length, 0) + 2 * BLOCK;
    return Buffer.concat(parts, Math.ceil(length / RECORD) * RECORD);
}

function headerOf(name: string, size: number): Buffer {
    const header = Buffer.alloc(BLOCK);
    const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
    header.write(name, 0, 100, "ascii");
    header.write(`${octal(0o755, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, "ascii");
    header.write(`${octal(size, 11)}\0${octal(0, 11)}\0`, 124, "ascii");
    // The sum counts its own field as spaces.
    header.write(" ".repeat(8), 148, "ascii");
    header.write("0", 156, "ascii");
    header.write("ustar\0" + "00", 257, "ascii");
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${octal(sum, 6)}\0 `, 148, "ascii");
    return header;
}
