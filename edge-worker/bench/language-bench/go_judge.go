// go_judge <folder>
//
// What is exported by the packages below a folder, as go/doc tells it (what `go doc -all` prints), for several platforms
// together: commands, internal packages, tests, vendored code and test data left out. Prints a JSON list of
// {"path": "cobra.Command.Execute", "kind": "function", "file": "command.go", "lines": [12]}.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type key struct{ path, kind, file string }

type symbol struct {
	Path  string `json:"path"`
	Kind  string `json:"kind"`
	File  string `json:"file"`
	Lines []int  `json:"lines"`
}

var platforms = []string{"linux/amd64", "windows/amd64", "darwin/arm64", "freebsd/amd64", "js/wasm", "plan9/amd64", "linux/arm"}

var root string
var found = map[key]map[int]bool{}

func main() {
	root = os.Args[1]
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		name := entry.Name()
		if path != root && (name == "internal" || name == "vendor" || name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
			return fs.SkipDir
		}
		for _, platform := range platforms {
			readFolder(path, platform)
		}
		return nil
	})
	symbols := []symbol{}
	for at, lines := range found {
		each := symbol{at.path, at.kind, at.file, nil}
		for line := range lines {
			each.Lines = append(each.Lines, line)
		}
		sort.Ints(each.Lines)
		symbols = append(symbols, each)
	}
	sort.Slice(symbols, func(a, b int) bool { return symbols[a].Path+symbols[a].File < symbols[b].Path+symbols[b].File })
	json.NewEncoder(os.Stdout).Encode(symbols)
}

func readFolder(folder, platform string) {
	context := build.Default
	parts := strings.Split(platform, "/")
	context.GOOS, context.GOARCH, context.CgoEnabled = parts[0], parts[1], true
	entries, _ := os.ReadDir(folder)
	fset := token.NewFileSet()
	packages := map[string][]*ast.File{}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if match, err := context.MatchFile(folder, name); err != nil || !match {
			continue
		}
		file, err := parser.ParseFile(fset, filepath.Join(folder, name), nil, parser.ParseComments)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		packages[file.Name.Name] = append(packages[file.Name.Name], file)
	}
	for name, files := range packages {
		if name == "main" {
			continue
		}
		pkg, err := doc.NewFromFiles(fset, files, folder)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		tell(fset, pkg)
	}
}

func tell(fset *token.FileSet, pkg *doc.Package) {
	add := func(path, kind string, at token.Pos) {
		place := fset.Position(at)
		file, _ := filepath.Rel(root, place.Filename)
		at_ := key{pkg.Name + "." + path, kind, filepath.ToSlash(file)}
		if found[at_] == nil {
			found[at_] = map[int]bool{}
		}
		found[at_][place.Line] = true
	}
	values := func(list []*doc.Value) {
		for _, value := range list {
			for _, spec := range value.Decl.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if ast.IsExported(name.Name) {
						add(name.Name, "value", name.Pos())
					}
				}
			}
		}
	}
	values(pkg.Consts)
	values(pkg.Vars)
	for _, fn := range pkg.Funcs {
		add(fn.Name, "function", fn.Decl.Pos())
	}
	for _, typ := range pkg.Types {
		values(typ.Consts)
		values(typ.Vars)
		for _, fn := range typ.Funcs {
			add(fn.Name, "function", fn.Decl.Pos())
		}
		for _, method := range typ.Methods {
			// What an embedded type lends is told at that type.
			if method.Level == 0 {
				add(typ.Name+"."+method.Name, "function", method.Decl.Pos())
			}
		}
		for _, spec := range typ.Decl.Specs {
			if spec := spec.(*ast.TypeSpec); spec.Name.Name == typ.Name {
				add(typ.Name, "type", spec.Name.Pos())
				members(typ.Name, spec.Type, add)
			}
		}
	}
}

func members(name string, typ ast.Expr, add func(path, kind string, at token.Pos)) {
	switch typ := typ.(type) {
	case *ast.StructType:
		for _, field := range typ.Fields.List {
			for _, each := range field.Names {
				if ast.IsExported(each.Name) {
					add(name+"."+each.Name, "value", each.Pos())
				}
			}
			if embedded := embeddedName(field.Type); len(field.Names) == 0 && ast.IsExported(embedded) {
				add(name+"."+embedded, "value", field.Pos())
			}
		}
	case *ast.InterfaceType:
		for _, method := range typ.Methods.List {
			for _, each := range method.Names {
				if ast.IsExported(each.Name) {
					add(name+"."+each.Name, "function", each.Pos())
				}
			}
		}
	}
}

func embeddedName(typ ast.Expr) string {
	switch typ := typ.(type) {
	case *ast.Ident:
		return typ.Name
	case *ast.StarExpr:
		return embeddedName(typ.X)
	case *ast.SelectorExpr:
		return typ.Sel.Name
	case *ast.IndexExpr:
		return embeddedName(typ.X)
	case *ast.IndexListExpr:
		return embeddedName(typ.X)
	}
	return ""
}
