import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { Account } from "./account.js";
import { objectFile, type StoredObject } from "./objects.js";

/** Serves the objects of an account that anyone may read, by path, to whoever reaches this process's network. */
function serve(account: Account, port: number): void {
    const server = createServer(async (request, answer) => {
        const path = decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/").slice(1);
        const found = await find(account, path);
        if (found === undefined || !(await isReadable(account, found))) {
            // S3 and Spaces don't tell strangers whether there is an object.
            answer.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>\n");
            return;
        }
        createReadStream(objectFile(account, found.id))
            .once("error", () => answer.destroy())
            .once("open", () => answer.writeHead(200))
            .pipe(answer);
    });
    server.listen(port, "0.0.0.0");
}

/** The object at `BUCKET/KEY`, or at `KEY` as a CDN in front of a bucket has it. */
async function find(account: Account, path: string): Promise<StoredObject | undefined> {
    const all = await account.list<StoredObject>("objects");
    return all.find(({ id }) => id === path) ?? all.find(({ key }) => key === path);
}

/** By itself, or by a policy of its bucket that lets anyone read all that is in it. */
async function isReadable(account: Account, object: StoredObject): Promise<boolean> {
    if (object.isPublic) {
        return true;
    }
    const policy = await account.get("bucket-policies", object.bucket);
    const document = JSON.parse(String(policy?.["policy"] ?? "{}"));
    const statements: Record<string, unknown>[] = document.Statement ?? [];
    return statements.some(
        ({ Effect, Principal, Action, Resource }) =>
            Effect === "Allow" &&
            Principal === "*" &&
            Action === "s3:GetObject" &&
            String(Resource).endsWith(`:${object.bucket}/*`),
    );
}

const [directory = "", port = ""] = process.argv.slice(2);
if (require.main === module) {
    serve(new Account(directory), Number(port));
}
