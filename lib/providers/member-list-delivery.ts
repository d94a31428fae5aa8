import type { ClusterAccess } from "../clients/access.js";
import { MEMBER_LIST } from "../etcd/index.js";

/**
 * Puts the list of etcd members onto the machine at which the access arrives, unless it is there already. Its units
 * wait for the file, and start as soon as it is whole.
 *
 * @param isMadeAnew whether the cluster was ready before, without this machine: with a list of first members it would
 * begin a cluster of its own, or join with the identity of the one that it replaces
 * @throws Error where the machine refuses, or was made anew and has no list
 */
export async function deliverMemberList(
    access: ClusterAccess,
    text: string,
    isMadeAnew: boolean,
): Promise<void> {
    const session = await access.session();
    const { name } = session.host;
    const { stdout: present } = await session.exec(`cat ${MEMBER_LIST}`);
    if (present === text) {
        return;
    }
    if (isMadeAnew && present === "") {
        throw new Error(
            `${name} is a new machine, which etcd's membership does not know: it gets no list of members; ` +
                "remove the old member and add the new one with etcdctl, or make the cluster anew",
        );
    }
    const write =
        `mkdir -p ${MEMBER_LIST.slice(0, MEMBER_LIST.lastIndexOf("/"))} && ` +
        `cat > ${MEMBER_LIST}.new && mv ${MEMBER_LIST}.new ${MEMBER_LIST}`;
    const { code, stderr } = await session.exec(`sudo sh -c '${write}'`, text);
    if (code !== 0) {
        throw new Error(`${name} did not take the list of etcd members: ${stderr.trim()}`);
    }
}
