package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/coreos/coreos-cloudinit/config"
	"github.com/coreos/coreos-cloudinit/datasource"
	"github.com/coreos/coreos-cloudinit/initialize"
	"github.com/coreos/coreos-cloudinit/system"
)

// fetchUserData reads the source's user-data, unpacked where it was sent as gzip.
func fetchUserData(source datasource.Datasource) ([]byte, error) {
	sent, err := source.FetchUserdata()
	if err != nil {
		return nil, fmt.Errorf("user-data can't be read: %w", err)
	}
	if !bytes.HasPrefix(sent, []byte{0x1f, 0x8b}) {
		return sent, nil
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(sent))
	if err != nil {
		return nil, fmt.Errorf("user-data is not good gzip: %w", err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, fmt.Errorf("user-data is not good gzip: %w", err)
	}
	return text, nil
}

// addMetadata appends the metadata's SSH keys, and takes its hostname if the document has none.
func addMetadata(document *config.CloudConfig, metadata datasource.Metadata) {
	if document.Hostname == "" {
		document.Hostname = metadata.Hostname
	}
	for _, key := range metadata.SSHPublicKeys {
		document.SSHAuthorizedKeys = append(document.SSHAuthorizedKeys, key)
	}
}

// runScript keeps the script in the workspace and runs it as a transient unit.
func runScript(script config.Script, workspace string) error {
	if err := initialize.PrepWorkspace(workspace); err != nil {
		return err
	}
	path, err := initialize.PersistScriptInWorkspace(script, workspace)
	if err != nil {
		return err
	}
	unit, err := system.ExecuteScript(path)
	if err != nil {
		return err
	}
	return initialize.PersistUnitNameInWorkspace(unit, workspace)
}
