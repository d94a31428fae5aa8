// The agent that applies cloud-config on a local machine: the packages of coreos-cloudinit 1.14.0.
module pulumi-coreos/toolchain/coreos-cloudinit

go 1.25

require (
	github.com/coreos/coreos-cloudinit v1.14.0
	github.com/coreos/go-systemd v0.0.0-00010101000000-000000000000
)

require (
	github.com/coreos/go-systemd/v22 v22.5.0 // indirect
	github.com/coreos/yaml v0.0.0-20141224210557-6b16a5714269 // indirect
	github.com/dotcloud/docker v1.0.0 // indirect
	github.com/godbus/dbus/v5 v5.0.4 // indirect
)

replace github.com/coreos/go-systemd => ./go-systemd
