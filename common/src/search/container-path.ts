/** The path of what holds a symbol: its own without its name, whatever its language puts between (`a::B::c`, `a.B.c`, `B#c`). */
export const containerPath = (path: string, name: string): string =>
  path.endsWith(name) ? path.slice(0, path.length - name.length).replace(/[^\p{L}\p{N}>]+$/u, '') : path
