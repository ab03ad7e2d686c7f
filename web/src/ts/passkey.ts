// data-passkey="create" and "get": forms whose hidden fields the browser's passkeys fill in before they are sent.

import { say } from "./page";

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function toText(buffer: ArrayBuffer | null): string {
  const binary = Array.from(new Uint8Array(buffer ?? new ArrayBuffer(0)), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function known(form: HTMLFormElement): PublicKeyCredentialDescriptor[] {
  const ids = (form.dataset.credentials ?? "").split(" ").filter((id) => id !== "");
  return ids.map((id) => ({ type: "public-key", id: toBytes(id) }));
}

function fill(form: HTMLFormElement, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
  form.submit();
}

async function create(form: HTMLFormElement): Promise<void> {
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: toBytes(form.dataset.challenge ?? ""),
      rp: { id: form.dataset.rp ?? "", name: form.dataset.rp ?? "" },
      user: { id: toBytes(form.dataset.userId ?? ""), name: form.dataset.handle ?? "", displayName: form.dataset.displayName ?? "" },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: known(form),
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      attestation: "none",
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  fill(form, { client_data: toText(response.clientDataJSON), attestation: toText(response.attestationObject) });
}

async function show(form: HTMLFormElement): Promise<void> {
  const shown = (await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(form.dataset.challenge ?? ""),
      rpId: form.dataset.rp ?? "",
      allowCredentials: known(form),
      userVerification: form.dataset.verification === "required" ? "required" : "preferred",
    },
  })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  fill(form, {
    credential: toText(shown.rawId),
    client_data: toText(response.clientDataJSON),
    authenticator_data: toText(response.authenticatorData),
    signature: toText(response.signature),
    user_handle: toText(response.userHandle),
  });
}

export function passkeys(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const done = form.dataset.passkey === "create" ? create(form) : show(form);
      done.catch(() => say(form.dataset.failed ?? ""));
    });
  }
}
