// Command inspect shows what the original makes of cloud-config documents, for the tests: it reads
// a JSON array of texts and prints one JSON object for each, one a line.
package main

import (
	"encoding/json"
	"log"
	"os"
	"reflect"

	"github.com/coreos/coreos-cloudinit/config"
	"github.com/coreos/coreos-cloudinit/config/validate"
	"github.com/coreos/coreos-cloudinit/initialize"
)

type finding struct {
	// What the validator says.
	Report []validate.Entry `json:"report"`
	// The values parsed from a cloud-config, by their keys; what is empty is left out.
	Document any `json:"document,omitempty"`
	// Why the text can't be parsed.
	Error string `json:"error,omitempty"`
}

func main() {
	log.SetFlags(0)
	log.SetOutput(nowhere{})
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	out := json.NewEncoder(os.Stdout)
	for _, text := range texts {
		if err := out.Encode(inspect(text)); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
	}
}

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

func inspect(text string) finding {
	found := finding{Report: []validate.Entry{}}
	report, err := validate.Validate([]byte(text))
	if err != nil {
		return finding{Report: found.Report, Error: err.Error()}
	}
	found.Report = append(found.Report, report.Entries()...)
	parsed, err := initialize.ParseUserData(text)
	if err != nil {
		found.Error = err.Error()
	} else if document, ok := parsed.(*config.CloudConfig); ok {
		found.Document = byKey(reflect.ValueOf(*document))
	}
	return found
}

// byKey turns a structure of the original into maps by the keys of its YAML tags.
func byKey(value reflect.Value) any {
	switch value.Kind() {
	case reflect.Struct:
		fields := map[string]any{}
		for i := range value.NumField() {
			key := value.Type().Field(i).Tag.Get("yaml")
			if key != "" && key != "-" && !value.Field(i).IsZero() {
				fields[key] = byKey(value.Field(i))
			}
		}
		return fields
	case reflect.Slice:
		items := make([]any, value.Len())
		for i := range items {
			items[i] = byKey(value.Index(i))
		}
		return items
	default:
		return value.Interface()
	}
}
