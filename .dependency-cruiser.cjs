// Which layer may import which; the picture is in docs/design.md. Imports of types alone are free
// where a rule says so: they are gone once compiled.
const documents = "^lib/(systemd|cloud-config|fleet|etcd|binaries)/|^lib/problem\\.ts$";
const constructs =
    "^lib/[^/]+\\.ts$|^lib/constructs/|^lib/platforms/[^/]+/(index|resources|local)\\.ts$|^lib/platforms/(aws|digitalocean|[^/]+\\.ts$)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
    forbidden: [
        {
            name: "no-cycles",
            comment: "Modules form layers.",
            severity: "error",
            from: {},
            to: { circular: true },
        },
        {
            name: "documents-are-pure",
            comment:
                "Documents know other documents, yaml, hashing and path names; no Pulumi, no I/O.",
            severity: "error",
            from: { path: documents },
            to: { pathNot: [documents, "^node_modules/yaml/", "^(node:)?(crypto|path|zlib)$"] },
        },
        {
            name: "systemd-is-lowest",
            severity: "error",
            from: { path: "^lib/systemd/" },
            to: { path: "^lib/(cloud-config|fleet|etcd)/" },
        },
        {
            name: "plan-knows-documents",
            comment: "A plan is made from arguments alone.",
            severity: "error",
            from: { path: "^lib/plan/" },
            to: { pathNot: ["^lib/plan/", documents] },
        },
        {
            name: "no-pulumi-in-clients",
            severity: "error",
            from: { path: "^lib/clients/" },
            to: { path: "node_modules/@pulumi/|^lib/(plan|providers|platforms|cli)/" },
        },
        {
            name: "constructs-load-no-clients",
            comment: "Importing the library is quick: no SSH, no provider code.",
            severity: "error",
            from: { path: constructs },
            to: {
                path: "^lib/(clients|cli)/|^lib/providers/(?!tokens)|node_modules/(ssh2|cockatiel|commander)/",
                dependencyTypesNot: ["type-only"],
            },
        },
        {
            name: "a-cloud-loads-its-own-sdk",
            comment: "Importing the library loads no cloud's SDK; each is loaded by its own entry.",
            severity: "error",
            from: { path: "^lib/", pathNot: "^lib/(platforms|testing)/digitalocean/" },
            to: { path: "node_modules/@pulumi/digitalocean/" },
        },
        {
            name: "aws-alone-loads-its-sdk",
            severity: "error",
            from: { path: "^lib/", pathNot: "^lib/(platforms|testing)/aws/" },
            to: { path: "node_modules/@pulumi/aws/" },
        },
        {
            name: "testing-is-for-tests",
            comment: "Nothing of the library knows the simulated clouds.",
            severity: "error",
            from: { path: "^lib/", pathNot: ["^lib/testing/"] },
            to: { path: "^lib/testing/" },
        },
        {
            name: "platforms-stand-alone",
            comment:
                "What is not a platform knows none, but for the providers' list, the commands and the simulated clouds.",
            severity: "error",
            from: {
                path: "^lib/",
                pathNot: ["^lib/(platforms|cli|testing)/", "^lib/providers/index\\.ts$"],
            },
            to: { path: "^lib/platforms/" },
        },
    ],
    options: {
        tsPreCompilationDeps: true,
        tsConfig: { fileName: "tsconfig.json" },
        doNotFollow: { path: "node_modules" },
        enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node"] },
    },
};
