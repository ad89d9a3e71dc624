// How set-up speaks: always on stderr, so that the command line's own output (--json) stays clean.

/** A failure that the person in front of the screen can do something about. */
export class Failure extends Error {
  /**
   * @param {string} what what happened
   * @param {string} todo what to do about it
   * @param {number} [status] exit status
   */
  constructor(what, todo, status = 1) {
    super(what);
    this.todo = todo;
    this.status = status;
  }
}

/** Prints one line of progress. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs an entry script: sets the exit status, and turns failures into two plain sentences instead of a stack. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (error instanceof Failure) {
      say(`\n${error.message}\nWhat to do: ${error.todo}`);
      process.exitCode = error.status;
    } else {
      say(`\nSet-up stopped unexpectedly: ${error?.stack ?? error}`);
      say(
        'What to do: run `npm run setup`, which checks everything again. If that fails as well, please report the lines above.',
      );
      process.exitCode = 1;
    }
  }
}

/** Refuses a Node that is too old to run set-up, before anything else is tried. */
export function checkHostNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Failure(
    `This is Node ${process.versions.node}; Fieldkey needs Node 20.19 or newer.`,
    'install a current Node from https://nodejs.org and run the command again.',
  );
}
