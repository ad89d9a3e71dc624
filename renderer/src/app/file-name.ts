/** A path as people see it: the name, and the folder that it lies in. Knows both kinds of separators. */
export function splitPath(path: string): { readonly name: string; readonly folder: string } {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return { name: path.slice(at + 1), folder: at <= 0 ? path.slice(0, at + 1) : path.slice(0, at) };
}
