// Command coreos-cloudinit applies a machine's user-data with the original's own packages: it reads
// a config drive or a file, as the original's OpenStack source does, and needs no metadata service.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/coreos/coreos-cloudinit/config"
	"github.com/coreos/coreos-cloudinit/config/validate"
	"github.com/coreos/coreos-cloudinit/datasource"
	"github.com/coreos/coreos-cloudinit/datasource/configdrive"
	"github.com/coreos/coreos-cloudinit/datasource/file"
	"github.com/coreos/coreos-cloudinit/initialize"
)

type options struct {
	file        string
	configDrive string
	workspace   string
	sshKeyName  string
	validate    bool
}

func main() {
	log.SetFlags(0)
	var o options
	flag.StringVar(&o.file, "from-file", "", "read user-data from this `file`, and no metadata")
	flag.StringVar(&o.configDrive, "from-configdrive", "/media/configdrive",
		"read user-data and metadata from the config drive mounted at this `directory`")
	flag.StringVar(&o.workspace, "workspace", "/var/lib/coreos-cloudinit",
		"`directory` in which scripts are kept")
	flag.StringVar(&o.sshKeyName, "ssh-key-name", initialize.DefaultSSHKeyName,
		"`name` under which update-ssh-keys adds the SSH keys")
	flag.BoolVar(&o.validate, "validate", false,
		"print what is wrong with the user-data, apply nothing, exit 1 if there is anything")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "unexpected argument %q\n", flag.Arg(0))
		os.Exit(2)
	}

	run := apply
	if o.validate {
		run = report
	}
	if err := run(o.source(), o); err != nil {
		log.Print(err)
		os.Exit(1)
	}
}

func (o options) source() datasource.Datasource {
	if o.file != "" {
		return file.NewDatasource(o.file)
	}
	return configdrive.NewDatasource(o.configDrive)
}

// report prints the original validator's entries, one a line.
func report(source datasource.Datasource, _ options) error {
	userData, err := fetchUserData(source)
	if err != nil {
		return err
	}
	found, err := validate.Validate(userData)
	if err != nil {
		return fmt.Errorf("user-data can't be validated: %w", err)
	}
	for _, entry := range found.Entries() {
		fmt.Println(entry)
	}
	if n := len(found.Entries()); n > 0 {
		return fmt.Errorf("%d found", n)
	}
	return nil
}

// apply brings the machine to what user-data and metadata say. Bad user-data does not keep the
// metadata's hostname and SSH keys from being applied; it is reported in the end.
func apply(source datasource.Datasource, o options) error {
	if !source.IsAvailable() {
		return fmt.Errorf("no %s is there", source.Type())
	}
	userData, failure := fetchUserData(source)
	if found, err := validate.Validate(userData); err != nil {
		log.Printf("user-data can't be validated: %v", err)
	} else {
		for _, entry := range found.Entries() {
			log.Printf("user-data %v", entry)
		}
	}

	metadata, err := source.FetchMetadata()
	if err != nil {
		return fmt.Errorf("metadata can't be read: %w", err)
	}
	env := initialize.NewEnvironment("/", source.ConfigRoot(), o.workspace, o.sshKeyName, metadata)

	var cloudConfig config.CloudConfig
	var script config.Script
	document, err := initialize.ParseUserData(env.Apply(string(userData)))
	switch {
	case errors.Is(err, initialize.ErrIgnitionConfig):
		log.Print("user-data is for Ignition, nothing to do")
		return nil
	case err != nil:
		log.Printf("user-data is not applied: %v", err)
		failure = errors.Join(failure, err)
	}
	switch parsed := document.(type) {
	case *config.CloudConfig:
		cloudConfig = *parsed
	case *config.Script:
		script = *parsed
	}

	addMetadata(&cloudConfig, metadata)
	if err := initialize.Apply(cloudConfig, nil, env); err != nil {
		return fmt.Errorf("cloud-config failed: %w", err)
	}
	if script != nil {
		if err := runScript(script, env.Workspace()); err != nil {
			return fmt.Errorf("script failed: %w", err)
		}
	}
	return failure
}
