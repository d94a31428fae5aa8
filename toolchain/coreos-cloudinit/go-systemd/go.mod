// The old synchronous calls of go-systemd, as coreos-cloudinit 1.14.0 uses them, on today's go-systemd.
module github.com/coreos/go-systemd

go 1.25

require github.com/coreos/go-systemd/v22 v22.5.0

require github.com/godbus/dbus/v5 v5.0.4 // indirect
