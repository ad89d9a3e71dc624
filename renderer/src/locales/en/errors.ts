import type { ErrorCode } from '../../../../shared/errors.ts';

/** What happened, why, and what to do now. Parameters of the code can be used by their name. */
export interface ErrorWords {
  readonly title: string;
  readonly explanation: string;
  readonly todo: string;
}

/** Every code has words: a new one in shared/errors.ts does not compile until it stands here. */
export const errors = {
  INPUT_INVALID: {
    title: 'Something in the form cannot be used',
    explanation: 'Fieldkey checked the input and refused it before doing anything.',
    todo: 'Correct the points below and try again.',
  },
  PLAN_INVALID: {
    title: 'The plan has mistakes',
    explanation: '{{file}} was read, but not everything in it can be used. Nothing was issued.',
    todo: 'Correct the points below and run the plan again.',
  },
  PLAN_NOT_READABLE: {
    title: 'The plan cannot be read',
    explanation: '{{file}} is missing or is not valid JSON: {{reason}}',
    todo: 'Check the path, and check the file with an editor that marks JSON mistakes.',
  },
  PLAN_CONFLICT: {
    title: 'The plan contradicts the project',
    explanation: 'The project “{{project}}” exists already, and some things in it cannot be changed afterwards.',
    todo: 'Change the plan back at the points below, or use another project name.',
  },
  VAULT_EXISTS: {
    title: 'There is already a file',
    explanation: '{{file}} exists. Fieldkey never overwrites a file with a new vault.',
    todo: 'Open it as an existing vault, or choose another place for the new one.',
  },
  VAULT_NOT_FOUND: {
    title: 'The vault is not there',
    explanation: '{{file}} does not exist or its drive is not connected.',
    todo: 'Connect the drive and try again, or open another vault.',
  },
  VAULT_NOT_A_VAULT: {
    title: 'This is not a vault',
    explanation: '{{file}} is a file of another program. It was not changed.',
    todo: 'Choose the file that Fieldkey made. Its name usually ends with .fieldkey.',
  },
  VAULT_FROM_FUTURE: {
    title: 'This vault is newer than this Fieldkey',
    explanation: 'It has format {{found}}, this version understands formats up to {{supported}}. It was not changed.',
    todo: 'Install the current version of Fieldkey and open the vault with it.',
  },
  VAULT_IN_USE: {
    title: 'The vault is open elsewhere',
    explanation:
      'It is held by process {{pid}} on {{host}} since {{since}}. Two programs writing the same vault would destroy it.',
    todo: 'Lock or close it there, then try again.',
  },
  VAULT_NOT_WRITABLE: {
    title: 'The vault cannot be written',
    explanation: '{{file}}: {{reason}}',
    todo: 'Check the write protection of the drive and the rights of the folder, then try again.',
  },
  VAULT_DAMAGED: {
    title: 'The vault is damaged',
    explanation: 'The file is not as Fieldkey wrote it, so nothing more is written to it. {{detail}}',
    todo: 'Restore a copy. The damaged file is kept under another name.',
  },
  VAULT_TAMPERED: {
    title: 'The vault was changed from outside',
    explanation: 'An entry in “{{table}}” (row {{row}}) does not carry the seal of this vault. Somebody or something edited it.',
    todo: 'Do not issue anything. Keep the file as evidence and go on with a copy of your backup.',
  },
  VAULT_LOCKED: {
    title: 'The vault is locked',
    explanation: 'It was locked in the meantime, perhaps because nobody was there.',
    todo: 'Unlock it with your passphrase.',
  },
  VAULT_NOT_OPEN: { title: 'No vault is open', explanation: 'This needs an open vault.', todo: 'Open or create a vault first.' },
  VAULT_FULL: {
    title: 'No space left',
    explanation: 'The drive that holds {{file}} is full. What was saved before is intact.',
    todo: 'Free some space on the drive and try again.',
  },
  VAULT_READ_ONLY: {
    title: 'The vault can only be read',
    explanation: '{{file}} cannot be written, so nothing was changed: {{reason}}',
    todo: 'Take the write protection away, or copy the vault to a place that can be written and open it there.',
  },
  VAULT_GONE: {
    title: 'The vault file is not there any more',
    explanation: '{{file}} was removed or replaced while it was open. What you did until then is still in memory.',
    todo: 'Save a copy now, before you lock the vault or close Fieldkey.',
  },
  COPY_UNSOUND: {
    title: 'This copy is not sound',
    explanation: '{{file}} was checked and not used: {{detail}}. The vault was not touched.',
    todo: 'Choose an older copy.',
  },
  CLOCK_WRONG: {
    title: 'Is the clock of this computer right?',
    explanation:
      'It says {{clock}}; this vault knows of {{known}}. Certificates with wrong dates would be refused by devices or live too long, so nothing was issued.',
    todo: 'If it is wrong, set it. If it is right, confirm it at the top of the window.',
  },
  PASSPHRASE_WRONG: {
    title: 'This passphrase does not open this vault',
    explanation: 'Fieldkey cannot tell whether a letter or the whole passphrase is wrong.',
    todo: 'Check Caps Lock and the keyboard layout. If it is forgotten, recovery cards open the vault, if some were made.',
  },
  KEY_PASSPHRASE_WRONG: {
    title: 'This passphrase does not open the key file',
    explanation:
      'The file with the authority’s key has a passphrase of its own, chosen when the key was taken out of the vault. Nothing was done yet.',
    todo: 'Check Caps Lock and the keyboard layout, then try again, or choose the other copy of the file.',
  },
  BACKUP_PASSPHRASE_WRONG: {
    title: 'This passphrase does not open this backup',
    explanation:
      'A backup has a passphrase of its own, chosen when it was made. A changed file looks the same as a wrong passphrase.',
    todo: 'Check Caps Lock and the keyboard layout. If you are sure of the passphrase, the file is damaged: use another backup.',
  },
  PASSPHRASE_WEAK: {
    title: 'The passphrase is too short',
    explanation: 'A vault can be copied and guessed at for years, so at least {{minimum}} characters are needed.',
    todo: 'Add a word or two.',
  },
  PASSPHRASE_MISSING: {
    title: 'The passphrase is missing',
    explanation: 'Without it the vault cannot be opened.',
    todo: 'Enter the passphrase of this vault.',
  },
  PASSPHRASE_DIFFERENT: {
    title: 'The two passphrases differ',
    explanation: 'They must be the same, so that a typing error cannot lock you out.',
    todo: 'Type both again.',
  },
  SHARES_NONE: {
    title: 'There are no recovery cards for this vault',
    explanation: 'None were made, so only the passphrase opens it.',
    todo: 'Look for the passphrase, or restore a backup whose passphrases you know.',
  },
  SHARES_TOO_FEW: {
    title: 'More cards are needed',
    explanation: '{{needed}} different cards open this vault; {{given}} were given.',
    todo: 'Add cards from other people.',
  },
  SHARE_MISTYPED: {
    title: 'Card {{share}} has a typing mistake',
    explanation: 'Its checksum does not fit, so at least one character is not the one on the card.',
    todo: 'Compare it with the card, group by group.',
  },
  SHARE_OTHER_VAULT: {
    title: 'Card {{share}} belongs to another vault',
    explanation: 'It is for vault {{vault}}; this one is {{expected}}.',
    todo: 'Use a card that names vault {{expected}}, or open the other vault.',
  },
  SHARE_OTHER_SET: {
    title: 'Card {{share}} is not of the present set',
    explanation:
      'The card {{index}} you entered is of set {{set}}. Only cards of set {{expected}} open this vault, because new cards replace earlier ones.',
    todo: 'Use the cards of set {{expected}}, and destroy the others.',
  },
  SHARE_TWICE: {
    title: 'Entries {{other}} and {{share}} are the same card',
    explanation: 'Card {{index}} was entered twice.',
    todo: 'Enter another card in one of the two places.',
  },
  SHARE_WRONG: {
    title: 'Card {{share}} was altered',
    explanation: 'It can be read, but it is not the card {{index}} that was handed out.',
    todo: 'Ask whoever keeps card {{index}}, or use another card.',
  },
  KEYCHAIN_UNAVAILABLE: {
    title: 'The keychain of this computer cannot be used',
    explanation: 'It does not answer, or what stands in for it would protect nothing.',
    todo: 'Use the passphrase.',
  },
  KEYCHAIN_LOST: {
    title: 'The keychain does not open this vault',
    explanation: 'The key that this computer kept is gone, or it belongs to another account.',
    todo: 'Use the passphrase. Under “Backup & recovery” you can then turn on opening without it again.',
  },
  KEYCHAIN_ENDED: {
    title: 'This vault asks for its passphrase again',
    explanation: 'Opening it without the passphrase was turned off, or the passphrase was changed on another computer.',
    todo: 'Enter the passphrase.',
  },
  PROJECT_NOT_FOUND: {
    title: 'This project is not in the vault',
    explanation: 'There is no project “{{project}}” here.',
    todo: 'Choose another project, or open the vault that holds it.',
  },
  PROJECT_EXISTS: {
    title: 'There is already such a project',
    explanation: 'The vault has a project “{{project}}”.',
    todo: 'Choose another name.',
  },
  DEVICE_NOT_FOUND: {
    title: 'This device is not in the project',
    explanation: 'There is no device “{{device}}” here. It may belong to another project.',
    todo: 'Go back to the list and search for it.',
  },
  DEVICE_EXISTS: {
    title: 'There is already such a device',
    explanation: 'The project has a device “{{device}}”. Capitals make no difference, as on a USB stick.',
    todo: 'Choose another name.',
  },
  CERTIFICATE_NOT_FOUND: {
    title: 'This certificate is not in the vault',
    explanation: 'There is no certificate {{certificate}} here.',
    todo: 'Go back to the list and open the device again.',
  },
  AUTHORITY_NOT_FOUND: {
    title: 'This authority is not in the vault',
    explanation: 'There is no authority “{{authority}}” here.',
    todo: 'Open the vault that holds it.',
  },
  ISSUER_EXPIRED: {
    title: 'The authority has expired',
    explanation: '“{{authority}}” ended on {{notAfter}}. What it signed after that would not be trusted.',
    todo: 'Create a new authority. If the date is wrong, set the clock of this computer.',
  },
  KEY_ELSEWHERE: {
    title: 'The key of this device was made elsewhere',
    explanation:
      'Fieldkey only has the public half of the key of {{devices}}. It cannot make a new key for whoever keeps the private one.',
    todo: 'Have a new signing request made for it and open it under Devices → From requests. Afterwards revoke the old certificate.',
  },
  TEST_CERTIFICATE_REFUSED: {
    title: 'No test certificate for {{device}}',
    explanation: 'A test certificate is for a device that works with a valid certificate and keeps its key itself.',
    todo: 'Renew or replace the device first. If its key is in this vault, it is tested with its own certificate.',
  },
  KEY_UNAVAILABLE: {
    title: 'The key is not here',
    explanation: 'The private key “{{key}}” is not in this vault.',
    todo: 'Use the computer or the vault that holds it.',
  },
  AUTHORITY_OFFLINE: {
    title: 'The authority’s key is kept elsewhere',
    explanation: 'The private key of “{{authority}}” was taken out of this vault; without it nothing can be signed in its name.',
    todo: 'Bring the key file for this one act, or let a site authority issue.',
  },
  AUTHORITY_OUTSIDE: {
    title: 'This authority belongs to somebody else',
    explanation:
      '“{{authority}}” vouches for an authority of yours. Only its certificate is here, so nothing can be signed in its name.',
    todo: 'On the Authority page, make a request, send it there, and take over the answer.',
  },
  AUTHORITY_KEY_OTHER: {
    title: 'This is another key',
    explanation: 'The key in this file does not belong to “{{authority}}”.',
    todo: 'Choose the file that was written when its key was taken out of the vault.',
  },
  AUTHORITY_IS_ROOT: {
    title: 'A root cannot be revoked',
    explanation: '“{{authority}}” is a root: devices and broker trust it directly, no list can take that back.',
    todo: 'Replace it with a new root and take the old one out of broker and devices.',
  },
  AUTHORITY_NEEDED: {
    title: 'This authority is still needed',
    explanation: '“{{authority}}” has not ended, or there is no other authority that issues.',
    todo: 'Renew it, or replace it by a new one. Then it can be taken out of use.',
  },
  AUTHORITY_NOT_ACTIVE: {
    title: 'This authority is not in use',
    explanation: '“{{authority}}” cannot do this; its state is: {{state}}.',
    todo: 'Use the authority that issues now.',
  },
  CERTIFICATE_REVOKED: {
    title: 'The certificate is already revoked',
    explanation: '{{serial}} is revoked for good. That cannot be taken back or changed.',
    todo: 'Issue a new certificate if the device shall connect again.',
  },
  CERTIFICATE_NOT_HELD: {
    title: 'The certificate is not on hold',
    explanation: 'Only a hold can be lifted; {{serial}} is not on hold.',
    todo: 'Check the serial number.',
  },
  CERTIFICATE_SHARED: {
    title: 'These devices use another one’s certificate',
    explanation: '{{devices}} work with the certificate of another device, so there is none of their own to replace.',
    todo: 'Give them a certificate of their own first, or replace the device whose certificate they use.',
  },
  PASSWORD_CHANGING: {
    title: 'That password is being changed already',
    explanation: 'For {{devices}} the broker takes the old password and the new one at the moment; it cannot take a third.',
    todo: 'End that change first: when the device has its new password, or by taking the new one back.',
  },
  MOVE_NOT_FOUND: {
    title: 'No such replacement',
    explanation: 'There is no replacement {{move}} under way.',
    todo: 'Open the page of the authorities again.',
  },
  MOVE_INCOMPLETE: {
    title: 'Not every device has moved',
    explanation:
      '{{remaining}} of {{total}} devices still have a certificate of the old authority, or were not given the new one to trust. They could no longer connect.',
    todo: 'Renew and export them first, or finish all the same and visit them later.',
  },
  LINT_FAILED: {
    title: 'The certificate would not be correct',
    explanation: 'The check before signing found mistakes, so nothing was stored: {{findings}}',
    todo: 'Copy the details and report them: this should not happen.',
  },
  REQUEST_REFUSED: {
    title: 'The request is not signed',
    explanation: '{{reason}}',
    todo: 'Ask whoever made the request for a new one: EC key P-256 or RSA with 2048 to 4096 bits, signed with SHA-256.',
  },
  ANSWER_REFUSED: {
    title: 'This answer is not taken',
    explanation: '{{reason}}',
    todo: 'Ask the authority for the certificate that belongs to your request, with all certificates above it. Nothing was changed.',
  },
  CRL_REFUSED: {
    title: 'This revocation list is not taken over',
    explanation: '{{list}}. {{reason}}',
    todo: 'Nothing was changed.',
  },
  BROKER_NOT_OURS: {
    title: 'This certificate is not ours to renew',
    explanation: 'Another authority issued the broker’s certificate, or somebody else keeps its key.',
    todo: 'On the Broker page, make a new request or open the one that you were sent. There you can also go back to a key and certificate of your own.',
  },
  PROFILE_REFUSED: {
    title: 'Such a certificate is not allowed',
    explanation: '{{reason}}',
    todo: 'Change the request so that it fits the profile.',
  },
  IMPORT_NO_AUTHORITY: {
    title: 'Nothing here can issue',
    explanation: 'An authority needs its certificate and its private key; no such pair was found, or it may not be used.',
    todo: 'Look at the list of what is not taken. If keys are encrypted, enter their passphrase and look again.',
  },
  IMPORT_ALREADY: {
    title: 'This is in the vault already',
    explanation: 'The vault has the key of {{name}}. Importing it a second time would give one key two histories.',
    todo: 'Use the project that is there, or import into another vault.',
  },
  IMPORT_CHANGED: {
    title: 'The files have changed',
    explanation: 'They are not those that were shown. Nothing was imported.',
    todo: 'Look at them again.',
  },
  EXPORT_FOREIGN_FILES: {
    title: 'There are other files in the folder',
    explanation: '{{directory}} holds files that are not from Fieldkey: {{files}}. They were not touched.',
    todo: 'Choose an empty folder, or move these files away.',
  },
  EXPORT_OTHER_AUTHORITY: {
    title: 'The folder belongs to another authority',
    explanation: '{{directory}} holds a project of the same name whose certificates come from another vault. It was not changed.',
    todo: 'Check that this is the right vault. Then choose another folder, or move that one away.',
  },
  EXPORT_NOT_WRITABLE: {
    title: 'The folder cannot be written',
    explanation: '{{directory}} cannot be written; the system says {{reason}}. Nothing was changed there.',
    todo: 'Choose another folder, or give yourself the right to write in this one.',
  },
  EXPORT_READ_ONLY: {
    title: 'The drive is read-only',
    explanation: '{{directory}} cannot be changed: its drive is write-protected, or the system found it damaged and protects it.',
    todo: 'Open the write protection of the drive and try again. If it has none, check the drive for errors or take another one.',
  },
  EXPORT_MEDIUM_GONE: {
    title: 'The drive is gone',
    explanation:
      '{{directory}} was pulled out or does not answer any more ({{reason}}). The export did not finish, and keys may be on the drive already.',
    todo: 'Plug the drive in again and try again: what is there is put right first. If the drive is lost, re-key what was on it on the overview page.',
  },
  EXPORT_NO_SPACE: {
    title: 'Not enough space',
    explanation: '{{directory}} needs {{needed}}, {{free}} are free. No new export was made; an earlier one is there as before.',
    todo: 'Free some space or choose another drive.',
  },
  EXPORT_VERIFY_FAILED: {
    title: 'The kit was not written correctly',
    explanation: 'Reading back showed differences: {{files}}. The drive may be failing.',
    todo: 'Do not use this kit. Export again, best to another drive.',
  },
  EXPORT_CANCELLED: {
    title: 'The export was cancelled',
    explanation: 'What had been written was taken back. An export that was there before is there as before.',
    todo: 'Export again whenever you like.',
  },
  FILE_TOO_LARGE: {
    title: 'The file is too large',
    explanation: '{{file}} has more than {{limit}}. Files of this kind are much smaller.',
    todo: 'Check whether this is the right file.',
  },
  FILE_MALFORMED: {
    title: 'The file has another form than expected',
    explanation: '{{what}}: {{reason}}',
    todo: 'Check whether this is the right file, and make it anew if it is.',
  },
  LOG_NOT_READABLE: {
    title: 'The log cannot be read',
    explanation:
      '{{file}}: {{reason}}. It may have been moved, it may belong to the user mosquitto, or a compressed file is not whole.',
    todo: 'Copy the log to a place where you may read it, then open the copy.',
  },
  CONNECTION_NOT_FOUND: {
    title: 'This connection is not there any more',
    explanation: 'It was removed in the meantime.',
    todo: 'Close its pane, or add the connection again.',
  },
  CONNECTION_NOT_OPEN: {
    title: 'The connection is not open',
    explanation: 'It ended before this could be done.',
    todo: 'Connect again, then repeat it.',
  },
  RECORDING_NOT_WRITABLE: {
    title: 'Nothing can be recorded here',
    explanation: 'Recordings lie beside the vault in {{folder}}, and nothing can be written there: {{reason}}.',
    todo: 'Make room on the medium, or remove its write protection. Then start the recording again.',
  },
  RECORDING_UNREADABLE: {
    title: 'This recording cannot be read',
    explanation: 'Its file is gone, damaged, or belongs to another vault: {{reason}}.',
    todo: 'If you have a copy of the file, put it back beside the vault. Otherwise delete the recording.',
  },
  PAYLOAD_NOT_FOUND: {
    title: 'This message is not kept any more',
    explanation: 'The project has no saved message with this number. It was probably removed meanwhile.',
    todo: 'Choose another one, or save it again.',
  },
  OBSERVER_MEASURES: {
    title: 'The observer is measuring a load test',
    explanation:
      'The broker admits the observer once. Connecting here as well would throw out the one that measures, and the figures would be worth nothing.',
    todo: 'Stop the load test or wait for its end. Or connect as a device.',
  },
  SIMULATION_RUNNING: {
    title: 'A load test is running',
    explanation: 'One at a time: two would fight for the same devices.',
    todo: 'Stop it first.',
  },
  CHECK_NOT_FOUND: {
    title: 'This check is not there any more',
    explanation: 'The project has no check “{{check}}”. It was probably removed meanwhile.',
    todo: 'Choose another one.',
  },
  CHECKS_RUNNING: {
    title: 'Checks are running already',
    explanation: 'One run at a time: two would fight for the same connections.',
    todo: 'Wait for its end, or stop it first.',
  },
  BROKER_PORT_IN_USE: {
    title: 'Port {{port}} is taken',
    explanation: 'Another program listens on {{host}} at port {{port}} already, perhaps a Mosquitto of this computer.',
    todo: 'Stop that program, or choose another port. Devices must then use that port too.',
  },
  BROKER_ADDRESS_MISSING: {
    title: 'This computer does not have the address {{host}}',
    explanation: 'It is not an address of any network that is connected now. A cable may be out, or the WLAN gave another one.',
    todo: 'Check the network, then choose an address from the list.',
  },
  BROKER_PORT_PRIVILEGED: {
    title: 'Port {{port}} is reserved by the system',
    explanation:
      'Programs without special rights may not listen on this port. On most systems that is so for all ports below 1024.',
    todo: 'Choose a port from 1024 on; 8883 is the usual one.',
  },
  BROKER_FAILED: {
    title: 'The broker did not start',
    explanation: 'The system or the certificates stood in the way. Nothing was changed.',
    todo: 'Try again. If it happens once more, copy the details.',
  },
  BROKER_NOT_RUNNING: {
    title: 'The broker does not run',
    explanation: 'It was stopped, or it ended before this could be done.',
    todo: 'Start it again, then repeat this.',
  },
  PROOF_CANCELLED: {
    title: 'Broken off',
    explanation:
      'Until then: connected as {{who}}; messages sent: {{messages}}; connections that must be refused, tried: {{refusals}}. All connections are closed.',
    todo: 'Nothing of it is kept as a proof; the audit record says that it was broken off. Devices that were thrown out connect again by themselves.',
  },
  JOB_CANCELLED: {
    title: 'Cancelled',
    explanation: '{{done}} of {{total}} were finished and are kept.',
    todo: 'Start it again to do the rest.',
  },
  INTERNAL: {
    title: 'Something went wrong inside Fieldkey',
    explanation: 'This is our mistake, not yours. What was saved before is intact.',
    todo: 'Try again. If it happens once more, copy the details and report them.',
  },
} satisfies Record<ErrorCode, ErrorWords>;
