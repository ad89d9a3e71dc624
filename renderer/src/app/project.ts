import { useState } from 'react';
import { useCall } from '../bridge/queries.ts';

const storageKey = 'fieldkey.project';

/** Which project the window shows: the one chosen last where this vault still has it, the newest otherwise. */
export function useProject() {
  const projects = useCall('project.list', undefined);
  const [chosen, setChosen] = useState(() => localStorage.getItem(storageKey));
  const list = projects.data ?? [];
  const newest = list.reduce<(typeof list)[number] | undefined>((a, b) => (a && a.createdAt >= b.createdAt ? a : b), undefined);
  return {
    projects,
    list,
    current: list.find((project) => project.name === chosen) ?? newest,
    choose: (name: string) => {
      // by name: ids mean nothing in another vault
      localStorage.setItem(storageKey, name);
      setChosen(name);
    },
  };
}
