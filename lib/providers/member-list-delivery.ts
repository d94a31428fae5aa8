import type { ClusterAccess } from "../clients/access.js";
import { MEMBER_LIST } from "../etcd/index.js";

/**
 * Puts the list of etcd members onto the machine at which the access arrives, unless it is there already. Its units
 * wait for the file, and start as soon as it is whole.
 *
 * @param hasBegun whether the cluster was ready before: then a machine without data must not begin a cluster of its own
 */
export async function deliverMemberList(
    access: Pick<ClusterAccess, "session">,
    text: string,
    hasBegun: boolean,
): Promise<void> {
    const session = await access.session();
    const { name } = session.host;
    const { stdout: present } = await session.exec(`cat ${MEMBER_LIST}`);
    const wanted = hasBegun
        ? text.replace(/^(ETCD_INITIAL_CLUSTER_STATE)=new$/m, "$1=existing")
        : text;
    if (present === wanted) {
        return;
    }
    const write =
        `mkdir -p ${MEMBER_LIST.slice(0, MEMBER_LIST.lastIndexOf("/"))} && ` +
        `cat > ${MEMBER_LIST}.new && mv ${MEMBER_LIST}.new ${MEMBER_LIST}`;
    const { code, stderr } = await session.exec(`sudo sh -c '${write}'`, wanted);
    if (code !== 0) {
        throw new Error(`${name} did not take the list of etcd members: ${stderr.trim()}`);
    }
}
