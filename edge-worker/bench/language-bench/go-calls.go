// Who calls what in a Go module, by go/types: one JSON line a call or use of a function, files relative to the folder, offsets in bytes.
// Usage: go run . FOLDER
package main

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/typeutil"
)

type place struct {
	File   string `json:"file"`
	Offset int    `json:"offset"`
}

type use struct {
	Kind string `json:"kind"`
	From place  `json:"from"`
	To   place  `json:"to"`
}

func main() {
	folder, err := filepath.Abs(os.Args[1])
	if err != nil {
		panic(err)
	}
	folder, err = filepath.EvalSymlinks(folder)
	if err != nil {
		panic(err)
	}
	mode := packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps
	fset := token.NewFileSet()
	found, err := packages.Load(&packages.Config{Mode: mode, Dir: folder, Fset: fset, Tests: true}, "./...")
	if err != nil {
		panic(err)
	}
	out := json.NewEncoder(os.Stdout)
	placeOf := func(pos token.Pos) (place, bool) {
		position := fset.Position(pos)
		relative, err := filepath.Rel(folder, position.Filename)
		if err != nil || len(relative) > 1 && relative[:2] == ".." {
			return place{}, false
		}
		return place{filepath.ToSlash(relative), position.Offset}, true
	}
	for _, pkg := range found {
		for _, file := range pkg.Syntax {
			called := map[*ast.Ident]bool{}
			ast.Inspect(file, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok {
					return true
				}
				callee, ok := typeutil.Callee(pkg.TypesInfo, call).(*types.Func)
				if !ok {
					return true
				}
				switch fun := ast.Unparen(call.Fun).(type) {
				case *ast.Ident:
					called[fun] = true
				case *ast.SelectorExpr:
					called[fun.Sel] = true
				}
				from, inside := placeOf(call.Pos())
				to, known := placeOf(callee.Origin().Pos())
				if inside && known {
					out.Encode(use{"call", from, to})
				}
				return true
			})
			for ident, object := range pkg.TypesInfo.Uses {
				function, ok := object.(*types.Func)
				if !ok || called[ident] || fset.File(ident.Pos()) != fset.File(file.Pos()) {
					continue
				}
				from, inside := placeOf(ident.Pos())
				to, known := placeOf(function.Origin().Pos())
				if inside && known {
					out.Encode(use{"value", from, to})
				}
			}
		}
	}
}
