// go_calls <folder of a module>
//
// Who calls whom inside a module, as the Go type checker knows it: files of the packages on this platform, tests left out. Calls of
// methods of an interface lead to the interface. Prints {"files": [..], "calls": ["a.go#T.F -> b.go#G", ..]}. Run inside the module.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

var root string
var fset = token.NewFileSet()
var files = map[string]bool{}
var calls = map[string]bool{}

func main() {
	root = os.Args[1]
	build.Default.CgoEnabled = false
	from := importer.ForCompiler(fset, "source", nil)
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		name := entry.Name()
		if path != root && (name == "vendor" || name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
			return fs.SkipDir
		}
		// A module in a module is another one.
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && path != root {
			return fs.SkipDir
		}
		check(path, from)
		return nil
	})
	answer := struct {
		Files []string `json:"files"`
		Calls []string `json:"calls"`
	}{keys(files), keys(calls)}
	json.NewEncoder(os.Stdout).Encode(answer)
}

func keys(set map[string]bool) []string {
	list := []string{}
	for each := range set {
		list = append(list, each)
	}
	sort.Strings(list)
	return list
}

func check(folder string, from types.Importer) {
	found, err := build.Default.ImportDir(folder, 0)
	if err != nil {
		return
	}
	var parsed []*ast.File
	for _, name := range found.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(folder, name), nil, 0)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		parsed = append(parsed, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Importer: from, Error: func(err error) { fmt.Fprintln(os.Stderr, err) }}
	config.Check(folder, fset, parsed, info)
	for _, file := range parsed {
		files[place(file.Pos())] = true
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				tell(info, place(decl.Pos())+"#"+declared(decl), decl)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.ValueSpec); ok && len(spec.Names) == 1 {
						tell(info, place(spec.Pos())+"#"+spec.Names[0].Name, spec)
					}
				}
			}
		}
	}
}

func tell(info *types.Info, caller string, node ast.Node) {
	ast.Inspect(node, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		if callee := calleeOf(info, call.Fun); callee != "" {
			calls[caller+" -> "+callee] = true
		}
		return true
	})
}

func calleeOf(info *types.Info, called ast.Expr) string {
	switch called := called.(type) {
	case *ast.ParenExpr:
		return calleeOf(info, called.X)
	case *ast.IndexExpr:
		return calleeOf(info, called.X)
	case *ast.IndexListExpr:
		return calleeOf(info, called.X)
	case *ast.Ident:
		return name(info.Uses[called])
	case *ast.SelectorExpr:
		return name(info.Uses[called.Sel])
	}
	return ""
}

// The id of a function of this module, empty for any other.
func name(object types.Object) string {
	function, ok := object.(*types.Func)
	if !ok || function.Pkg() == nil {
		return ""
	}
	function = function.Origin()
	file := place(function.Pos())
	if strings.HasPrefix(file, "..") || filepath.IsAbs(file) {
		return ""
	}
	receiver := function.Type().(*types.Signature).Recv()
	if receiver == nil {
		return file + "#" + function.Name()
	}
	typ := receiver.Type()
	if pointer, ok := typ.(*types.Pointer); ok {
		typ = pointer.Elem()
	}
	if named, ok := typ.(*types.Named); ok {
		return file + "#" + named.Obj().Name() + "." + function.Name()
	}
	// A method of an interface without a name.
	return ""
}

func declared(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	typ := decl.Recv.List[0].Type
	for {
		switch each := typ.(type) {
		case *ast.StarExpr:
			typ = each.X
		case *ast.IndexExpr:
			typ = each.X
		case *ast.IndexListExpr:
			typ = each.X
		case *ast.Ident:
			return each.Name + "." + decl.Name.Name
		default:
			return decl.Name.Name
		}
	}
}

func place(at token.Pos) string {
	file, err := filepath.Rel(root, fset.Position(at).Filename)
	if err != nil {
		return fset.Position(at).Filename
	}
	return filepath.ToSlash(file)
}
