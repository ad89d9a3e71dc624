import { setNonce } from 'get-nonce';

/** Browsers hide the attribute from scripts but keep the property; `content` is for engines that know neither. */
function read(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
  return meta?.nonce || meta?.content || '';
}

/**
 * The nonce of the style policy. Two libraries write `<style>` elements: Mantine asks for it (getStyleNonce), the
 * scroll lock under its Drawer takes it from get-nonce.
 */
export function startNonce(): () => string {
  const nonce = read();
  if (nonce) setNonce(nonce);
  return () => nonce;
}
