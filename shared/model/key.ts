/** Key types that devices in the field can read: no Ed25519 (mbedTLS, Shelly, Tasmota cannot), no RSA-4096 (ESP-IDF's 4 kB buffer). */
export const keyAlgorithms = ['p256', 'p384', 'rsa2048', 'rsa3072'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];
