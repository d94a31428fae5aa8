import type { ClusterAccess } from "../clients/access.js";
import { WaitTimeoutError, waitFor } from "../clients/wait.js";
import { MEMBER_LIST } from "../etcd/index.js";
import type { OperationContext } from "./handler.js";

/** What etcd keeps of its membership; once it is there, etcd looks at no list any more. */
const WRITE_AHEAD_LOG = "/var/lib/etcd/member/wal";
/** Milliseconds that a machine made anew has to mount the volume with its predecessor's data. */
const DATA_LIMIT = 20_000;

/** Thrown where a machine must not be given the list of first members. */
export class NotDeliveredError extends Error {
    override name = "NotDeliveredError";
}

/**
 * Puts the list of etcd members onto the machine at which the access arrives, unless it is there already. Its units
 * wait for the file, and start as soon as it is whole.
 *
 * @param isMadeAnew whether the cluster was ready before, without this machine: with the list alone it would begin a
 * cluster of its own, or join with the identity of the one that it replaces
 * @throws NotDeliveredError where it was made anew, and has no data of its predecessor
 */
export async function deliverMemberList(
    access: Pick<ClusterAccess, "session">,
    text: string,
    isMadeAnew: boolean,
    context: OperationContext,
): Promise<void> {
    const session = await access.session();
    const { name } = session.host;
    const { stdout: present } = await session.exec(`cat ${MEMBER_LIST}`);
    if (present === text) {
        return;
    }
    if (isMadeAnew && present === "") {
        await requireData(access, context);
    }
    const write =
        `mkdir -p ${MEMBER_LIST.slice(0, MEMBER_LIST.lastIndexOf("/"))} && ` +
        `cat > ${MEMBER_LIST}.new && mv ${MEMBER_LIST}.new ${MEMBER_LIST}`;
    const { code, stderr } = await session.exec(`sudo sh -c '${write}'`, text);
    if (code !== 0) {
        throw new Error(`${name} did not take the list of etcd members: ${stderr.trim()}`);
    }
}

async function requireData(
    access: Pick<ClusterAccess, "session">,
    context: OperationContext,
): Promise<void> {
    const deadline = Math.min(context.deadline, Date.now() + DATA_LIMIT);
    try {
        await waitFor("etcd's data", { deadline }, async () => {
            const session = await access.session();
            const { code } = await session.exec(`sudo test -d ${WRITE_AHEAD_LOG}`);
            return code === 0 ? { done: undefined } : { waiting: "no data" };
        });
    } catch (cause) {
        if (cause instanceof WaitTimeoutError) {
            throw new NotDeliveredError(
                "it is a new machine without etcd's data, which the membership does not know, and gets no list of " +
                    "members; remove the old member and add the new one with etcdctl, or make the cluster anew",
            );
        }
        throw cause;
    }
}
