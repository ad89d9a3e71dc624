import { type ExportFileSystem, nodeFileSystem } from '../file-system.ts';

/** The error that the system gives for `code`, as node:fs throws it. */
export function systemError(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path });
}

type Operation = keyof ExportFileSystem;
type Before = (operation: Operation, path: string, call: number) => Promise<void> | void;

/** The real file system with something that happens before each call: an error to throw, or a stick to pull out. */
export function disturbed(before: Before): ExportFileSystem & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  const wrapped = Object.fromEntries(
    Object.entries(nodeFileSystem).map(([name, method]) => [
      name,
      async (...args: unknown[]) => {
        calls.push(`${name} ${String(args[0])}`);
        await before(name as Operation, String(args[0]), calls.length);
        return (method as (...all: unknown[]) => unknown)(...args);
      },
    ]),
  );
  return Object.assign(wrapped as unknown as ExportFileSystem, { calls });
}
