import { randomBytes } from "node:crypto";
import type { ResourceHandler } from "./handler.js";

/** 256 random bits, in hexadecimal. */
export interface SecretKeyState extends Record<string, unknown> {
    key: string;
}

/** Makes a random key once and keeps it in the state as a secret. */
export const secretKeyHandler: ResourceHandler<Record<string, unknown>, SecretKeyState> = {
    diff: () => ({ changes: false }),
    async create(inputs) {
        const id = randomBytes(8).toString("hex");
        return { id, state: { ...inputs, key: randomBytes(32).toString("hex") } };
    },
    read: async (id, state) => ({ id, state }),
    update: async (_id, state) => state,
    delete: async () => undefined,
};
