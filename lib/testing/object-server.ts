import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { Account } from "./account.js";
import { objectFile, objectId, type StoredObject } from "./objects.js";

/** Serves the public objects of an account by path, to whoever reaches this process's network. */
function serve(account: Account, port: number): void {
    const server = createServer(async (request, answer) => {
        const path = decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/").slice(1);
        const found = await account.get<StoredObject>("objects", objectId(path));
        if (found?.isPublic !== true) {
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

const [directory = "", port = ""] = process.argv.slice(2);
if (require.main === module) {
    serve(new Account(directory), Number(port));
}
