import type { Account, CloudRecord } from "../account.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";

/** What a program asks for. */
export type TagInputs = { readonly name: string };

const REQUEST = "POST /v2/tags";
/** docs.digitalocean.com, reference/api, POST /v2/tags: letters, numbers, colons, dashes, underscores; 255 at most. */
const NAME = /^[\p{L}\p{N}:_-]{1,255}$/u;

/** `digitalocean.Tag`. */
export const tag: SimulatedResource<TagInputs, CloudRecord & TagInputs> = {
    kind: "tags",
    replacedBy: ["name"],
    named: true,
    async create({ name }, account) {
        requireTagName(REQUEST, name);
        await account.put("tags", { id: name, name });
        const counts = { dropletsCount: 0, imagesCount: 0, volumesCount: 0, databasesCount: 0 };
        return { id: name, outputs: { ...counts, totalResourceCount: 0, volumeSnapshotsCount: 0 } };
    },
};

/** Refuses what can't be a tag. */
export function requireTagName(request: string, name: string): void {
    if (!NAME.test(name)) {
        const rule = "only letters, numbers, colons, dashes and underscores are allowed";
        throw new ApiError(request, 422, `Tag name "${name}" is not valid: ${rule}.`);
    }
}

/** What carries a tag makes it, if the account has none of that name. */
export async function makeTags(account: Account, names: readonly string[]): Promise<void> {
    for (const name of names) {
        if ((await account.get("tags", name)) === undefined) {
            await account.put("tags", { id: name, name });
        }
    }
}
