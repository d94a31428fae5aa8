import { createRequire } from "node:module";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";

/** How a line is shown; a `progress` line replaces the one before and is gone at the end. */
export type LogKind = "progress" | "info" | "warning";

interface Channel {
    send(urn: string, kind: LogKind, message: string): Promise<void>;
}

let channel: Promise<Channel> | undefined;

/**
 * Shows a line in Pulumi's own display under the resource of that URN. The provider process gets
 * the engine's address as its first argument; where there is none (a test), nothing is shown.
 */
export async function logToEngine(urn: string, kind: LogKind, message: string): Promise<void> {
    const address = process.argv[2];
    if (address === undefined || !/^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(address)) {
        return;
    }
    channel ??= openChannel(address);
    await (await channel).send(urn, kind, message);
}

async function openChannel(address: string): Promise<Channel> {
    // grpc-js is the SDK's dependency, not ours: it is looked up from where the SDK lies.
    const fromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
    const grpc: typeof import("@grpc/grpc-js") = fromSdk("@grpc/grpc-js");
    const services: { EngineClient: typeof EngineClient } = fromSdk(
        "@pulumi/pulumi/proto/engine_grpc_pb.js",
    );
    const messages: typeof import("@pulumi/pulumi/proto/engine_pb") = fromSdk(
        "@pulumi/pulumi/proto/engine_pb.js",
    );
    const client = new services.EngineClient(address, grpc.credentials.createInsecure());
    const severity = {
        progress: messages.LogSeverity.INFO,
        info: messages.LogSeverity.INFO,
        warning: messages.LogSeverity.WARNING,
    };
    return {
        send(urn, kind, message) {
            const request: LogRequest = new messages.LogRequest();
            request.setSeverity(severity[kind]);
            request.setMessage(message);
            request.setUrn(urn);
            request.setEphemeral(kind === "progress");
            // A line that can't be shown is no reason to fail the operation.
            return new Promise((resolve) => client.log(request, () => resolve()));
        },
    };
}
