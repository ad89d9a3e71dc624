/** A word for the shell: bare where every shell takes it, otherwise in double quotes, which all three systems know. */
function quoted(word: string): string {
  if (/^[A-Za-z0-9_./:@%+=-]+$/.test(word)) return word;
  // a Windows path cannot hold a quote, and its backslashes must stay single
  const posix = word.startsWith('/');
  return `"${posix ? word.replace(/(["$`\\])/g, '\\$1') : word}"`;
}

/** The command that makes a project, for the vault that is open here. */
export function provisionCommand(vaultFile: string): string {
  return `npm run -s cli -- provision plan.json --vault ${quoted(vaultFile)} --out kit`;
}

/** A plan that works as it is, small enough to be read. */
export const samplePlan = `{
  "project": "lab",
  "subject": { "country": "ES", "organisation": "Lab" },
  "broker": {
    "names": ["mqtt.lab.example", "localhost"],
    "addresses": ["127.0.0.1"]
  },
  "devices": [
    { "id": "meter-001" },
    { "pattern": "press-{001..100}" },
    { "id": "dash-1", "role": "dashboard" }
  ]
}`;
