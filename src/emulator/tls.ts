import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import forge from "node-forge";

/** A throw-away certificate authority with one server certificate. */
export interface ThrowAwayTls {
  key: string;
  cert: string;
  /** PEM file of the authority, to be trusted by clients. */
  caFile: string;
  /** Deletes the file. */
  discard(): void;
}

const DAYS = 30;

/** Makes a certificate for localhost and 127.0.0.1 under an authority of its own. */
export function createThrowAwayTls(): ThrowAwayTls {
  const authority = keys();
  const server = keys();
  const subject = [{ name: "commonName", value: "entra-pim emulator" }];
  const caCert = certificate(authority.publicKey, subject, subject, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  caCert.sign(authority.privateKey, forge.md.sha256.create());
  const serverCert = certificate(
    server.publicKey,
    [{ name: "commonName", value: "localhost" }],
    subject,
    [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      // Type 2 is a DNS name, type 7 an IP address.
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
      {
        name: "authorityKeyIdentifier",
        keyIdentifier: caCert.generateSubjectKeyIdentifier().getBytes(),
      },
    ],
  );
  serverCert.sign(authority.privateKey, forge.md.sha256.create());
  const directory = mkdtempSync(join(tmpdir(), "entra-pim-emulator-"));
  const caFile = join(directory, "ca.pem");
  writeFileSync(caFile, forge.pki.certificateToPem(caCert));
  return {
    key: server.privateKeyPem,
    cert: forge.pki.certificateToPem(serverCert),
    caFile,
    discard: () => rmSync(directory, { recursive: true, force: true }),
  };
}

// Node makes the keys: forge's own take a second each.
function keys() {
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return {
    privateKeyPem: pair.privateKey,
    privateKey: forge.pki.privateKeyFromPem(pair.privateKey),
    publicKey: forge.pki.publicKeyFromPem(pair.publicKey),
  };
}

function certificate(
  publicKey: forge.pki.rsa.PublicKey,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  extensions: unknown[],
): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.publicKey = publicKey;
  made.serialNumber = `01${randomBytes(15).toString("hex")}`;
  made.validity.notBefore = new Date(Date.now() - 86_400_000);
  made.validity.notAfter = new Date(Date.now() + DAYS * 86_400_000);
  made.setSubject(subject);
  made.setIssuer(issuer);
  made.setExtensions(extensions);
  return made;
}
