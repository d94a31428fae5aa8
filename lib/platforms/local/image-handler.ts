import type { ResourceHandler } from "../../providers/handler.js";
import { requireHost } from "./host-checks.js";
import { ensureImage, findImage } from "./image.js";
import { imageId } from "./image-recipe.js";

/** Nothing: the image's recipe is part of this package. */
export type ImageInputs = Record<never, never>;

/** A built machine image. */
export interface ImageState extends ImageInputs {
    /** Hash of its recipe. */
    readonly imageId: string;
    /** Directory of its root file system, in the cache. */
    readonly root: string;
}

/**
 * The machine image. It is shared by all stacks, so that deleting the resource leaves it in the cache.
 * A new recipe is an update that gives a new `imageId`.
 */
export const imageHandler: ResourceHandler<ImageInputs, ImageState> = {
    diff(_id, state) {
        return { changes: state.imageId !== imageId() };
    },
    async create(_inputs, context) {
        const state = await build(context.progress.bind(context));
        return { id: state.imageId, state };
    },
    async read(id, state) {
        const found = findImage(state.imageId);
        return found === undefined ? undefined : { id, state: { ...state, root: found.root } };
    },
    async update(_id, _state, _inputs, context) {
        return build(context.progress.bind(context));
    },
    async delete() {},
};

async function build(progress: (message: string) => void): Promise<ImageState> {
    await requireHost(0);
    const image = await ensureImage(progress);
    return { imageId: image.id, root: image.root };
}
