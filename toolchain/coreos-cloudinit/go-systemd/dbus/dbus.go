// Package dbus offers the calls of the old go-systemd that coreos-cloudinit 1.14.0 makes. They
// return when the job has ended; the ones of today's go-systemd return at once and take a channel.
package dbus

import (
	"context"

	v22 "github.com/coreos/go-systemd/v22/dbus"
)

// Property is a property of a transient unit.
type Property = v22.Property

// EnableUnitFileChange is one link that enabling a unit made or removed.
type EnableUnitFileChange = v22.EnableUnitFileChange

// PropDescription is the Description= of a transient unit.
func PropDescription(text string) Property {
	return v22.PropDescription(text)
}

// PropExecStart is the ExecStart= of a transient unit.
func PropExecStart(command []string, uncleanIsFailure bool) Property {
	return v22.PropExecStart(command, uncleanIsFailure)
}

// Conn is a connection to systemd. It is closed after its one call, since its users never close it.
type Conn struct {
	conn *v22.Conn
}

// New connects over the system bus, or over systemd's own socket where there is no bus.
func New() (*Conn, error) {
	conn, err := v22.NewWithContext(context.Background())
	if err != nil {
		return nil, err
	}
	return &Conn{conn}, nil
}

// job is a method of today's go-systemd that sends the job's result when the job has ended.
type job func(ctx context.Context, unit, mode string, result chan<- string) (int, error)

// wait starts a job and returns its result: done, canceled, timeout, failed, dependency, skipped.
func (c *Conn) wait(start job, unit, mode string) (string, error) {
	defer c.conn.Close()
	result := make(chan string, 1)
	if _, err := start(context.Background(), unit, mode, result); err != nil {
		return "", err
	}
	return <-result, nil
}

// StartUnit starts a unit.
func (c *Conn) StartUnit(unit, mode string) (string, error) {
	return c.wait(c.conn.StartUnitContext, unit, mode)
}

// StopUnit stops a unit.
func (c *Conn) StopUnit(unit, mode string) (string, error) {
	return c.wait(c.conn.StopUnitContext, unit, mode)
}

// ReloadUnit reloads a unit that runs.
func (c *Conn) ReloadUnit(unit, mode string) (string, error) {
	return c.wait(c.conn.ReloadUnitContext, unit, mode)
}

// RestartUnit restarts a unit, and starts it if it does not run.
func (c *Conn) RestartUnit(unit, mode string) (string, error) {
	return c.wait(c.conn.RestartUnitContext, unit, mode)
}

// TryRestartUnit restarts a unit that runs.
func (c *Conn) TryRestartUnit(unit, mode string) (string, error) {
	return c.wait(c.conn.TryRestartUnitContext, unit, mode)
}

// ReloadOrRestartUnit reloads a unit, or restarts it if it can't be reloaded.
func (c *Conn) ReloadOrRestartUnit(unit, mode string) (string, error) {
	return c.wait(c.conn.ReloadOrRestartUnitContext, unit, mode)
}

// ReloadOrTryRestartUnit does the same with a unit that runs.
func (c *Conn) ReloadOrTryRestartUnit(unit, mode string) (string, error) {
	return c.wait(c.conn.ReloadOrTryRestartUnitContext, unit, mode)
}

// StartTransientUnit makes and starts a unit that has no file.
func (c *Conn) StartTransientUnit(unit, mode string, properties ...Property) (string, error) {
	start := func(ctx context.Context, unit, mode string, result chan<- string) (int, error) {
		return c.conn.StartTransientUnitContext(ctx, unit, mode, properties, result)
	}
	return c.wait(start, unit, mode)
}

// EnableUnitFiles enables units by their [Install] section.
func (c *Conn) EnableUnitFiles(
	units []string, runtime, force bool,
) (bool, []EnableUnitFileChange, error) {
	defer c.conn.Close()
	return c.conn.EnableUnitFilesContext(context.Background(), units, runtime, force)
}

// Reload makes systemd read its unit files again.
func (c *Conn) Reload() error {
	defer c.conn.Close()
	return c.conn.ReloadContext(context.Background())
}
