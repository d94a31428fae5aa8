import { given, type Problem } from "../problem.js";
import type { CloudConfig } from "./document.js";
import { repeated } from "./repeated.js";
import { decodeFile, type WriteFile } from "./write-files.js";

/** What the original validator takes for read-only: directories whose path begins with `/usr`. */
const readOnly = /^\/usr(?:$|[^/]*\/)/;

/** Files that can't be written where they should be, or whose content can't be decoded. */
export function checkFiles(document: CloudConfig): Problem[] {
    const files = document.write_files ?? [];
    return [
        ...files.flatMap((file, index) => fileProblems(file, `write_files[${index}]`)),
        ...repeated(files, "write_files", "path", (file) => target(file.path)),
    ];
}

function fileProblems(file: WriteFile, path: string): Problem[] {
    const problems: Problem[] = [];
    if (readOnly.test(target(file.path))) {
        problems.push({
            path: `${path}.path`,
            given: given(file.path),
            allowed: "can't be under /usr, which is read-only: use /opt, /etc, /var or /home",
        });
    } else if (/(?:^|\/)\.{0,2}$/.test(file.path)) {
        problems.push({
            path: `${path}.path`,
            given: given(file.path),
            allowed: "must name a file, not a directory",
        });
    }
    if (file.encoding !== undefined) {
        problems.push(...encodingProblems(file, path));
    }
    return problems;
}

function encodingProblems(file: WriteFile, path: string): Problem[] {
    const bare = file.encoding === "gz" || file.encoding === "gzip";
    try {
        decodeFile(file);
        return [];
    } catch {
        const allowed =
            bare && typeof file.content === "string"
                ? `bare gzip must be given as bytes (!!binary), or use "gzip+base64"`
                : `can't be decoded as ${file.encoding}; the agent would drop the whole document`;
        return [{ path: `${path}.content`, given: given(file.content), allowed }];
    }
}

/** The path without `.`, `..` and doubled slashes. */
function target(path: string): string {
    const names: string[] = [];
    for (const name of path.split("/")) {
        if (name === "..") {
            names.pop();
        } else if (name !== "" && name !== ".") {
            names.push(name);
        }
    }
    return `/${names.join("/")}`;
}
