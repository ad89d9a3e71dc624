/** Forms in which the devices are handed to configuration management. */
export const inventoryFormats = ['ansible-yaml', 'ansible-json', 'terraform'] as const;
export type InventoryFormat = (typeof inventoryFormats)[number];

/**
 * What becomes of the passwords: `none`, they stay out; `vault`, encrypted as ansible-vault does it (Ansible only); `plain`,
 * readable for whoever has the file.
 */
export const inventorySecrets = ['none', 'vault', 'plain'] as const;
export type InventorySecrets = (typeof inventorySecrets)[number];

/** Names by which the tools find them: Terraform loads `*.auto.tfvars.json` by itself. */
export const inventoryName: Readonly<Record<InventoryFormat, string>> = {
  'ansible-yaml': 'inventory.yml',
  'ansible-json': 'inventory.json',
  terraform: 'fieldkey.auto.tfvars.json',
};
