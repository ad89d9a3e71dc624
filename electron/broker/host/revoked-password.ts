/**
 * What the README says of revoked devices where passwords alone say who comes. `file`: what holds the users; `install`: what brings
 * the kit to the broker, as an order.
 */
export function revokedByPassword(file: string, install: string): string {
  return `REVOKED DEVICES: no certificate is looked at, so none can be refused. The next export has no password for them in ${file}: ${install}. Whoever is connected with such a password is put out. The user "canary" in ${file} is no device: it may do nothing, nobody but Fieldkey has its password, which is another one after each revocation, and "Prove access" finds out by it whether the broker has the users of now.`;
}
