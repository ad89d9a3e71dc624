/** Work that must not run at the same time as other work of the same name. */
export class TurnByTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs it when all that was begun before under one of its names has ended, however it ended. */
  async take<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = names.map((name) => this.#last.get(name));
    const turn = Promise.all(before).then(work);
    const ended = turn.catch(() => undefined);
    for (const name of names) this.#last.set(name, ended);
    try {
      return await turn;
    } finally {
      for (const name of names) if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}
