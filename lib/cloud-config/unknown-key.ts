import { cloudConfigFields, coreosFields } from "./document.js";
import { nearest } from "./nearest.js";
import type { Fields } from "./schema.js";
import { unitFields } from "./units.js";
import { userFields } from "./users.js";

/** Top-level keys of the other, more widely known cloud-init. */
const otherCloudInit = new Set(
    `apt apt_sources apt_update apt_upgrade bootcmd ca_certs chef chpasswd cloud_config_modules
    cloud_final_modules cloud_init_modules datasource device_aliases disable_root disk_setup
    fan final_message fqdn fs_setup groups growpart keyboard landscape locale manage_resolv_conf
    mcollective mounts ntp output package_reboot_if_required package_update package_upgrade packages
    password phone_home power_state preserve_hostname puppet random_seed resize_rootfs resolv_conf
    rsyslog runcmd salt_minion scripts snap ssh ssh_import_id ssh_keys ssh_pwauth swap timezone
    ubuntu_advantage vendor_data wireguard yum_repos zypper`.split(/\s+/),
);

/** Keys of a user that the other cloud-init knows. */
const otherUserKeys = new Set(
    `doas expiredate hashed_passwd inactive lock_passwd plain_text_passwd selinux_user
    snapuser ssh_import_id ssh_redirect_user sudo uid`.split(/\s+/),
);

/** Keys that each unit has, told to those who write them one level too high. */
const unitKeys = new Set(Object.keys(unitFields).filter((key) => key !== "name"));

/** The spelling with underscores. */
export function underscored(key: string): string {
    return key.replaceAll("-", "_");
}

/** What to say about a key that is not known where it stands. */
export function aboutUnknownKey(key: string, fields: Fields): string {
    const spelled = underscored(key);
    if (fields === cloudConfigFields) {
        if (Object.hasOwn(coreosFields, spelled)) {
            return `belongs under coreos: coreos.${spelled}`;
        }
        if (otherCloudInit.has(spelled)) {
            return "not known to coreos-cloudinit; use a unit (coreos.units) or write_files";
        }
    }
    if (fields === coreosFields) {
        if (Object.hasOwn(cloudConfigFields, spelled)) {
            return `belongs at the top level, not under coreos: ${spelled}`;
        }
        if (unitKeys.has(spelled)) {
            return "belongs to an item of coreos.units";
        }
    }
    if (fields === userFields && otherUserKeys.has(spelled)) {
        return "not known to coreos-cloudinit; change the user by a unit that runs once";
    }
    const known = Object.keys(fields);
    const meant = nearest(spelled, known);
    return meant === undefined
        ? `unknown key; known are ${known.join(", ")}`
        : `unknown key; did you mean ${meant}?`;
}
