import { randomBytes } from "node:crypto";
import { region } from "./catalog.js";

/** The account's number. */
export const ACCOUNT = "123456789012";

/** An id as AWS makes them: `vpc-0123456789abcdef0`. */
export function awsId(prefix: string): string {
    return `${prefix}-0${randomBytes(8).toString("hex")}`;
}

/** Amazon's name of a resource of the account. */
export function arn(service: string, resource: string, where: string = region): string {
    return `arn:aws:${service}:${where}:${ACCOUNT}:${resource}`;
}
