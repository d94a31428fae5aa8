import type { CloudConfig, CoreOS } from "./document.js";
import type { Unit, UnitDropIn } from "./units.js";
import type { User } from "./users.js";

/**
 * The base with the user's own document merged in. Units and users are matched by name, drop-ins by
 * name within their unit, files by path: a matched file or drop-in is replaced, a matched unit or
 * user takes over the keys that the user's gives. What matches nothing comes behind the base's. SSH
 * keys and groups are appended. Of a single value, the user's wins.
 */
export function mergeCloudConfig(base: CloudConfig, extra: CloudConfig): CloudConfig {
    return defined<CloudConfig>({
        ...overlaid(base, extra),
        ssh_authorized_keys: appended(base.ssh_authorized_keys, extra.ssh_authorized_keys),
        users: matched(base.users, extra.users, (user) => user.name, mergeUser),
        write_files: matched(
            base.write_files,
            extra.write_files,
            (file) => file.path,
            (_, file) => file,
        ),
        coreos: mergeCoreOS(base.coreos, extra.coreos),
    });
}

function mergeCoreOS(base: CoreOS | undefined, extra: CoreOS | undefined): CoreOS | undefined {
    if (base === undefined || extra === undefined) {
        return extra ?? base;
    }
    return defined<CoreOS>({
        update: sections(base.update, extra.update),
        locksmith: sections(base.locksmith, extra.locksmith),
        etcd: sections(base.etcd, extra.etcd),
        etcd2: sections(base.etcd2, extra.etcd2),
        fleet: sections(base.fleet, extra.fleet),
        flannel: sections(base.flannel, extra.flannel),
        oem: sections(base.oem, extra.oem),
        units: matched(base.units, extra.units, (unit) => unit.name, mergeUnit),
    });
}

function mergeUser(base: User, extra: User): User {
    return defined<User>({
        ...overlaid(base, extra),
        ssh_authorized_keys: appended(base.ssh_authorized_keys, extra.ssh_authorized_keys),
        coreos_ssh_import_github_users: appended(
            base.coreos_ssh_import_github_users,
            extra.coreos_ssh_import_github_users,
        ),
        groups: appended(base.groups, extra.groups),
    });
}

function mergeUnit(base: Unit, extra: Unit): Unit {
    const replace = (_: UnitDropIn, dropIn: UnitDropIn) => dropIn;
    return defined<Unit>({
        ...overlaid(base, extra),
        drop_ins: matched(base.drop_ins, extra.drop_ins, (dropIn) => dropIn.name, replace),
    });
}

function sections<Section extends object>(
    base: Section | undefined,
    extra: Section | undefined,
): Section | undefined {
    return base === undefined || extra === undefined ? (extra ?? base) : overlaid(base, extra);
}

function appended(
    base: readonly string[] | undefined,
    extra: readonly string[] | undefined,
): readonly string[] | undefined {
    return base === undefined || extra === undefined
        ? (extra ?? base)
        : [...new Set([...base, ...extra])];
}

function matched<Item>(
    base: readonly Item[] | undefined,
    extra: readonly Item[] | undefined,
    key: (item: Item) => string,
    merge: (base: Item, extra: Item) => Item,
): readonly Item[] | undefined {
    if (base === undefined || extra === undefined) {
        return extra ?? base;
    }
    const places = new Map(base.map((item, index) => [key(item), index]));
    const items = [...base];
    for (const item of extra) {
        const place = places.get(key(item));
        const there = place === undefined ? undefined : items[place];
        if (place === undefined || there === undefined) {
            items.push(item);
        } else {
            items[place] = merge(there, item);
        }
    }
    return items;
}

/** The same with `undefined` allowed wherever a key may be left out. */
type Loose<Whole> = {
    [Key in keyof Whole]: Record<never, never> extends Pick<Whole, Key>
        ? Whole[Key] | undefined
        : Whole[Key];
};

/** The object without the keys that hold nothing. */
function defined<Whole extends object>(loose: Loose<Whole>): Whole {
    return Object.fromEntries(
        Object.entries(loose).filter(([, value]) => value !== undefined),
    ) as Whole;
}

/** The base with what is given in `extra` over it. */
function overlaid<Whole extends object>(base: Whole, extra: Whole): Whole {
    const given = Object.entries(extra).filter(([, value]) => value !== undefined);
    return { ...base, ...Object.fromEntries(given) };
}
