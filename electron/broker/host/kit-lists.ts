import { FieldkeyError } from '../../../shared/errors.ts';
import { printable, quoted } from './plain-text.ts';

/** Who issues a list: two authorities may have one name (a root and its successor), so their key belongs to it. */
export interface ListIssuer {
  /** What people call it. */
  readonly issuer: string;
  /** Hash of its name (pki/name-hash.ts): OpenSSL and Erlang find the list by it. */
  readonly issuerHash: string;
  /** Lower-case hexadecimal; null for a list without authorityKeyIdentifier. */
  readonly keyId: string | null;
}

/** A revocation list of a kit, and what has to be known of it before it may replace one that a broker uses. */
export interface KitList extends ListIssuer {
  readonly pem: string;
  /** CRLNumber (RFC 5280 §5.2.3); null for a list of somebody else that has none. */
  readonly number: bigint | null;
  /** ms; null for a list of somebody else that does not say when it ends. */
  readonly nextUpdate: number | null;
  /** The broker asks this list about somebody who may connect: when it has ended, he is refused. */
  readonly needed: boolean;
}

/** A list that earlier kits had and that this one leaves out on purpose. */
export interface LeftOutList extends ListIssuer {
  /** Of an authority that may come back into use: the number that it was left at. Null for one that is out of use for good. */
  readonly number: bigint | null;
}

/** Where the script is in a kit, and where what it wrote down stands beside the lists of the broker. */
export const listsScriptName = 'lists.sh';
export const listsNote = 'fieldkey-lists';

/** `crl.pem` with all lists one after the other, or one file for each. */
export type ListFiles = 'one' | 'each';

/** The line by which people and install.sh ask whether the lists here may take the place of those in a folder of the broker. */
export const checkLists = (folder: string) => `sh ${listsScriptName} check ${quoted(folder)}`;
/** The line that writes down in that folder which lists it has now. */
export const noteLists = (folder: string) => `sh ${listsScriptName} note ${quoted(folder)}`;

function line({ issuer, issuerHash, keyId }: ListIssuer, number: string, ends: number, role: string): string {
  if (!/^[0-9a-f]{8}$/.test(issuerHash) || !/^([0-9a-f]{2})+$/.test(keyId ?? '00'))
    throw new FieldkeyError('INTERNAL', { detail: 'issuer of a revocation list' });
  return `${issuerHash}-${keyId ?? ''} ${number} ${ends} ${role} ${printable(issuer)}`;
}

/**
 * lists.sh of a kit: whether the revocation lists in it may replace those that a broker uses. A list that is older than the one in
 * use, or that is missing without its authority having been taken out of use, lets in again who was revoked since; a list that has
 * ended locks everybody out who is looked up in it. RFC 5280 §5.2.3 numbers the lists of each issuer, with up to 20 octets.
 *
 * POSIX sh and awk. What the broker has is known from a note that is kept beside its lists, so openssl is not needed; where it is,
 * the lists themselves are read as well, and the newer of both counts.
 */
export function listsScript(input: {
  readonly project: string;
  readonly lists: readonly KitList[];
  readonly leftOut: readonly LeftOutList[];
  readonly files: ListFiles;
}): string {
  const { project, lists, leftOut, files } = input;
  const ends = (at: number | null) => (at === null || !Number.isFinite(at) ? 0 : Math.floor(at / 1000));
  const known = [
    ...lists.map((each) =>
      line(each, (each.number ?? 0n).toString(16), ends(each.nextUpdate), each.needed ? 'needed' : 'unneeded'),
    ),
    ...leftOut.map((each) => line(each, each.number?.toString(16) ?? 'retired', 0, 'left-out')),
  ];
  const ours = files === 'one' ? 'certs' : 'crls';
  return `#!/bin/sh
# Written by Fieldkey for the project ${project}. May the lists of revoked certificates in this folder replace those of the broker?
#   sh lists.sh check FOLDER   says whether; FOLDER is where the broker has its lists
#   sh lists.sh note FOLDER    after they were copied there: writes that down, for the next time
#   sh lists.sh print          shows what is in this folder
# From the environment:
#   GIVE_UP    lists of the broker that shall be given up although nobody took their authority out of use, as this script calls them
set -eu
umask 022
cd "$(dirname "$0")"
fail() {
  printf 'lists.sh: %s\\n' "$*" >&2
  exit 1
}
case "\${1:-}:$#" in check:2 | note:2 | print:1) ;; *) fail 'say: check FOLDER, note FOLDER, or print' ;; esac

# issuer (hash of its name, identifier of its key), number (hexadecimal; "retired": out of use for good), end (seconds since 1970,
# UTC), whether the broker asks this list about somebody who may connect (left-out: it is not in this folder), name of the issuer
lists() {
  cat << 'END'
${known.join('\n')}
END
}
if [ "$1" = print ]; then
  lists
  exit 0
fi
folder=$2
note=$folder/${listsNote}
if [ "$1" = note ]; then
  lists > "$note.new"
  mv -f "$note.new" "$note"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Of each list in the file $1: "used ISSUER NUMBER NAME".
read_file() {
  [ -s "$1" ] || return 0
  if ! command -v openssl > /dev/null 2>&1; then
    [ -s "$note" ] || cmp -s "$1" "${ours}/\${1##*/}"
    return
  fi
  rm -f "$work"/list.*
  awk -v to="$work/list." '/-----BEGIN X509 CRL-----/ { n++ } n { print > (to n) }' "$1"
  for each in "$work"/list.*; do
    openssl crl -in "$each" -noout -hash -crlnumber -issuer -nameopt RFC2253 -text 2> /dev/null |
      awk '
        # OpenSSL 3 says what it is
        { plain = $0; sub(/^issuer name hash=/, "", plain) }
        plain ~ /^[0-9a-f]+$/ && length(plain) == 8 { hash = plain }
        /^crlNumber=/ { number = tolower(substr($0, 11)); sub(/^0x/, "", number) }
        /^issuer=/ { name = substr($0, 8) }
        /^ *X509v3 Authority Key Identifier:/ { getline key; gsub(/keyid:|[ \\t:]/, "", key); key = tolower(key) }
        END {
          if (hash == "") exit
          if (number !~ /^[0-9a-f]+$/) number = "0"
          if (key !~ /^[0-9a-f]+$/) key = ""
          print "used", hash "-" key, number, name
        }'
  done
}
# What the broker has, by the note and by the lists themselves.
used() {
  [ ! -s "$note" ] || sed -n 's/^\\([0-9a-f]*-[0-9a-f]*\\) \\([0-9a-z]*\\) [0-9]* [-a-z]* /used \\1 \\2 /p' "$note"
  ${
    files === 'one'
      ? 'read_file "$folder/crl.pem"'
      : `for file in "$folder"/*.r[0-9]*; do
    read_file "$file" || return 1
  done`
  }
}
used > "$work/used" ||
  fail "Whether the lists of the broker in $folder are newer cannot be seen, for there is neither $note nor the program openssl. Install openssl (Debian: apt-get install openssl), then run this again."

lists | sed 's/^/here /' |
  LC_ALL=C awk -v now="$(date +%s)" -v give_up=" \${GIVE_UP:-} " '
    function bare(number) { sub(/^0+/, "", number); return number }
    # numbers have up to 40 digits: more than awk can reckon with, so they are compared as words
    function newer(a, b) {
      a = bare(a)
      b = bare(b)
      return length(a) != length(b) ? length(a) > length(b) : ("x" a) > ("x" b)
    }
    function rest(from,   words, i) {
      words = $from
      for (i = from + 1; i <= NF; i++) words = words " " $i
      return words
    }
    function refuse(words) {
      print "lists.sh: " words
      refused = 1
    }
    $1 == "here" {
      if (!($2 in here) || newer($3, here[$2])) here[$2] = $3
      ends[$2] = $4
      needed[$2] = $5
      name[$2] = rest(6)
    }
    $1 == "used" {
      if (!($2 in name)) name[$2] = rest(4)
      if ($3 == "retired") gone[$2] = 1
      else if (!($2 in last) || newer($3, last[$2])) last[$2] = $3
    }
    END {
      for (issuer in last) {
        if (index(give_up, " " issuer " ")) continue
        if (!(issuer in here))
          refuse("The broker has a list of " name[issuer] ", and here is none: whoever it names would not be looked up any more. Take the newest export. If this authority is gone for good: GIVE_UP=" issuer)
        else if (here[issuer] != "retired" && newer(last[issuer], here[issuer]))
          refuse("The list of " name[issuer] " here (number " here[issuer] ") is older than the one in use (" last[issuer] "): whoever was revoked since would be let in again. Take the newest export.")
      }
      for (issuer in gone)
        if (issuer in here && here[issuer] != "retired" && !index(give_up, " " issuer " "))
          refuse("The authority " name[issuer] " was taken out of use, and this folder is from before: with its list, whoever it certified would be let in again. Take the newest export.")
      for (issuer in here) {
        if (here[issuer] == "retired" || ends[issuer] == 0 || ends[issuer] + 0 > now + 0) continue
        if (needed[issuer] == "needed" && bare(last[issuer]) != bare(here[issuer]))
          refuse("The list of " name[issuer] " has ended: the broker would refuse everybody whom it looks up there. Publish a new one in Fieldkey and export again.")
        else if (needed[issuer] == "needed")
          print "note: the list of " name[issuer] " has ended, here and in use: the broker refuses everybody whom it looks up there."
        else
          print "note: the list of " name[issuer] " has ended. The broker looks nobody up in it."
      }
      exit refused
    }' - "$work/used" >&2
`;
}
