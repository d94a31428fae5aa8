import { Local } from "../../../lib/platforms/local/index.js";
import { conformance } from "../conformance.js";

conformance({
    text: { name: "Local", from: "pulumi-coreos/local", args: {} },
    make: (name, opts) => new Local(name, {}, opts),
    makeUnfit: (name, opts) => new Local(name, { subnet: "10.80.0.0/29" }, opts),
});
