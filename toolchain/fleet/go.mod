// Builds fleetd and fleetctl 1.0.0. fleet has no go.mod of its own: the pins are the versions of its time that today's Go still compiles.
// Don't run `go mod tidy` here: it also wants the dependencies of the tests, one of which the proxy refuses.
module pulumi-coreos/toolchain/fleet

go 1.25.0

tool (
	github.com/coreos/fleet
	github.com/coreos/fleet/fleetctl
)

require (
	github.com/coreos/etcd v3.3.27+incompatible
	github.com/coreos/fleet v1.0.0
	github.com/coreos/go-semver v0.3.0
	github.com/coreos/go-systemd v0.0.0-20161114122254-48702e0da86b
	github.com/gogo/protobuf v1.3.2
	github.com/jonboulle/clockwork v0.1.0
	github.com/prometheus/client_golang v0.9.4
	github.com/rakyll/globalconf v0.0.0-20180912185831-87f8127c421f
	github.com/spf13/cobra v0.0.5
	github.com/spf13/pflag v1.0.5
	github.com/vishvananda/netlink v1.1.0
	google.golang.org/api v0.3.2
	google.golang.org/grpc v1.20.1
)

require (
	github.com/beorn7/perks v1.0.0 // indirect
	github.com/glacjay/goini v0.0.0-20161120062552-fd3024d87ee2 // indirect
	github.com/godbus/dbus v4.1.0+incompatible // indirect
	github.com/golang/protobuf v1.3.1 // indirect
	github.com/json-iterator/go v1.1.6 // indirect
	github.com/matttproud/golang_protobuf_extensions v1.0.1 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.1 // indirect
	github.com/prometheus/client_model v0.0.0-20190129233127-fd36f4220a90 // indirect
	github.com/prometheus/common v0.4.1 // indirect
	github.com/prometheus/procfs v0.0.2 // indirect
	github.com/vishvananda/netns v0.0.0-20191106174202-0a2b9b5464df // indirect
	golang.org/x/crypto v0.0.0-20200622213623-75b288015ac9 // indirect
	golang.org/x/net v0.0.0-20201021035429-f5854403a974 // indirect
	golang.org/x/sys v0.0.0-20200930185726-fdedc70b468f // indirect
	golang.org/x/text v0.3.3 // indirect
	google.golang.org/genproto v0.0.0-20190307195333-5fe7a883aa19 // indirect
)
