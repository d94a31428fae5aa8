import { Local } from "../../../lib/platforms/local/index.js";
import { platformConformance } from "../../../lib/testing/index.js";
import { hostLife } from "../support/host-life.js";

platformConformance({
    name: "Local",
    make: (name, opts) => new Local(name, {}, opts),
    makeUnfit: (name, opts) => new Local(name, { subnet: "10.80.0.0/29" }, opts),
    life: hostLife({ module: "pulumi-coreos/local", className: "Local", args: {} }),
});
