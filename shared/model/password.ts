/** Who thought of a password: the program, a person, or whoever made the broker's file before. */
export const passwordSources = ['generated', 'typed', 'imported'] as const;
export type PasswordSource = (typeof passwordSources)[number];

/** Bytes of a typed password, UTF-8: the whatwatt Go takes no more (devices.md), and less is guessed too soon. */
export const passwordRange = { minimum: 12, maximum: 127 } as const;

/** How many passwords a page shows at once after making them. Of more, the bundles are the way to the devices. */
export const shownAtOnce = 20;

/**
 * How a device stands with its password. `none`: it has none yet. `one`: what the bundle holds is what the broker takes.
 * `changing`: the broker takes the old one and the new one, each under a user name of its own.
 */
export type PasswordState = 'none' | 'one' | 'changing';
