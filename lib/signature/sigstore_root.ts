/**
 * Sigstore's public instance as kuberlr knows it: which authority issues signing certificates (Fulcio), which logs they
 * are in (CT), and which log holds the signatures (Rekor). Without it nothing that a mirror or a log says counts.
 *
 * Data of Sigstore's TUF repository, as the npm package `@sigstore/tuf` 5.0.1 carries it (`trusted_root.json`); the Rekor log of
 * version 2 and the time stamp authorities are left out: kubectl's signatures have neither. Keys that Sigstore changes
 * later need a newer kuberlr.
 *
 * @see https://docs.sigstore.dev/about/security/
 * @module
 */
import type { SigstoreTrust } from "../ports/signatures.ts";

/** When this data was published. */
const SIGSTORE_ROOT_DATE = "2026-11-05";

export const SIGSTORE_ROOT: SigstoreTrust = {
  identity: "krel-staging@k8s-releng-prod.iam.gserviceaccount.com",
  issuer: "https://accounts.google.com",
  date: SIGSTORE_ROOT_DATE,
  authorities: [
    {
      certificates: [
        Uint8Array.fromBase64(
          "MIIB+DCCAX6gAwIBAgITNVkDZoCiofPDsy7dfm6geLbuhzAKBggqhkjOPQQDAzAqMRUwEwYDVQQKEwxzaWdzdG9y" +
            "ZS5kZXYxETAPBgNVBAMTCHNpZ3N0b3JlMB4XDTIxMDMwNzAzMjAyOVoXDTMxMDIyMzAzMjAyOVowKjEVMBMGA1UE" +
            "ChMMc2lnc3RvcmUuZGV2MREwDwYDVQQDEwhzaWdzdG9yZTB2MBAGByqGSM49AgEGBSuBBAAiA2IABLSyA7Ii5k+p" +
            "NO8ZEWY0ylemWDowOkNa3kL+GZE5Z5GWehL9/A9bRNA3RbrsZ5i0JcastaRL7Sp5fp/jD5dxqc/UdTVnlvS16an+" +
            "2Yfswe/QuLolRUCrcOE2+2iA5+tzd6NmMGQwDgYDVR0PAQH/BAQDAgEGMBIGA1UdEwEB/wQIMAYBAf8CAQEwHQYD" +
            "VR0OBBYEFMjFHQBBmiQpMlEk6w2uSu1KBtPsMB8GA1UdIwQYMBaAFMjFHQBBmiQpMlEk6w2uSu1KBtPsMAoGCCqG" +
            "SM49BAMDA2gAMGUCMH8liWJfMui6vXXBhjDgY4MwslmN/TJxVe/83WrFomwmNf056y1X48F9c4m3a3ozXAIxAKjR" +
            "ay5/aj/jsKKGIkmQatjI8uupHr/+CxFvaJWmpYqNkLDGRU+9orzh5hI2RrcuaQ==",
        ),
      ],
      fromMs: Date.parse("2021-03-07T03:20:29Z"),
      untilMs: Date.parse("2022-12-31T23:59:59.999Z"),
    },
    {
      certificates: [
        Uint8Array.fromBase64(
          "MIICGjCCAaGgAwIBAgIUALnViVfnU0brJasmRkHrn/UnfaQwCgYIKoZIzj0EAwMwKjEVMBMGA1UEChMMc2lnc3Rv" +
            "cmUuZGV2MREwDwYDVQQDEwhzaWdzdG9yZTAeFw0yMjA0MTMyMDA2MTVaFw0zMTEwMDUxMzU2NThaMDcxFTATBgNV" +
            "BAoTDHNpZ3N0b3JlLmRldjEeMBwGA1UEAxMVc2lnc3RvcmUtaW50ZXJtZWRpYXRlMHYwEAYHKoZIzj0CAQYFK4EE" +
            "ACIDYgAE8RVS/ysH+NOvuDZyPIZtilgUF9NlarYpAd9HP1vBBH1U5CV77LSS7s0ZiH4nE7Hv7ptS6LvvR/STk798" +
            "LVgMzLlJ4HeIfF3tHSaexLcYpSASr1kS0N/RgBJz/9jWCiXno3sweTAOBgNVHQ8BAf8EBAMCAQYwEwYDVR0lBAww" +
            "CgYIKwYBBQUHAwMwEgYDVR0TAQH/BAgwBgEB/wIBADAdBgNVHQ4EFgQU39Ppz1YkEZb5qNjpKFWixi4YZD8wHwYD" +
            "VR0jBBgwFoAUWMAeX5FFpWapesyQoZMi0CrFxfowCgYIKoZIzj0EAwMDZwAwZAIwPCsQK4DYiZYDPIaDi5HFKnfx" +
            "Xx6ASSVmERfsynYBiX2X6SJRnZU84/9DZdnFvvxmAjBOt6QpBlc4J/0DxvkTCqpclvziL6BCCPnjdlIB3Pu3BxsP" +
            "mygUY7Ii2zbdCdliiow=",
        ),
        Uint8Array.fromBase64(
          "MIIB9zCCAXygAwIBAgIUALZNAPFdxHPwjeDloDwyYChAO/4wCgYIKoZIzj0EAwMwKjEVMBMGA1UEChMMc2lnc3Rv" +
            "cmUuZGV2MREwDwYDVQQDEwhzaWdzdG9yZTAeFw0yMTEwMDcxMzU2NTlaFw0zMTEwMDUxMzU2NThaMCoxFTATBgNV" +
            "BAoTDHNpZ3N0b3JlLmRldjERMA8GA1UEAxMIc2lnc3RvcmUwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAAT7XeFT4rb3" +
            "PQGwS4IajtLk3/OlnpgangaBclYpsYBr5i+4ynB07ceb3LP0OIOZdxexX69c5iVuyJRQ+Hz05yi+UF3uBWAlHpiS" +
            "5sh0+H2GHE7SXrk1EC5m1Tr19L9gg92jYzBhMA4GA1UdDwEB/wQEAwIBBjAPBgNVHRMBAf8EBTADAQH/MB0GA1Ud" +
            "DgQWBBRYwB5fkUWlZql6zJChkyLQKsXF+jAfBgNVHSMEGDAWgBRYwB5fkUWlZql6zJChkyLQKsXF+jAKBggqhkjO" +
            "PQQDAwNpADBmAjEAj1nHeXZp+13NWBNa+EDsDP8G1WWg1tCMWP/WHPqpaVo0jhsweNFZgSs0eE7wYI4qAjEA2WB9" +
            "ot98sIkoF3vZYdd3/VtWB5b9TNMea7Ix/stJ5TfcLLeABLE4BNJOsQ4vnBHJ",
        ),
      ],
      fromMs: Date.parse("2022-04-13T20:06:15Z"),
      untilMs: undefined,
    },
  ],
  certificateLogs: [
    {
      url: "https://ctfe.sigstore.dev/test",
      id: "086092f02852ff6845d1d16b27849c456718ac163dc338d26de6bc2206366f72",
      publicKey: Uint8Array.fromBase64(
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbfwR+RJudXscgRBRpKX1XFDy3PyudDxz/SfnRi1fT8ekpfBd2O1u" +
          "oz7jr3Z8nKzxA69EUQ+eFCFI3zeubPWU7w==",
      ),
      fromMs: Date.parse("2021-03-14T00:00:00Z"),
      untilMs: Date.parse("2022-10-31T23:59:59.999Z"),
    },
    {
      url: "https://ctfe.sigstore.dev/2022",
      id: "dd3d306ac6c7113263191e1c99673702a24a5eb8de3cadff878a72802f29ee8e",
      publicKey: Uint8Array.fromBase64(
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiPSlFi0CmFTfEjCUqF9HuCEcYXNKAaYalIJmBZ8yyezPjTqhxrKB" +
          "pMnaocVtLJBI1eM3uXnQzQGAJdJ4gs9Fyw==",
      ),
      fromMs: Date.parse("2022-10-20T00:00:00Z"),
      untilMs: undefined,
    },
  ],
  logs: [
    {
      url: "https://rekor.sigstore.dev",
      id: "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d",
      publicKey: Uint8Array.fromBase64(
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufB" +
          "nhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==",
      ),
      fromMs: Date.parse("2021-01-12T11:53:27Z"),
      untilMs: undefined,
    },
  ],
};
