<?php
// Verifies a webhook: php verify.php ID TIMESTAMP SIGNATURE < body, with the
// secret in WEBHOOK_SECRET.

// verify says whether a request came from Parley within the last five minutes.
// $id, $timestamp and $signature are the headers webhook-id, webhook-timestamp
// and webhook-signature; $body is the request's, before it is parsed:
// file_get_contents('php://input').
function verify(string $secret, string $id, string $timestamp, string $signature, string $body): bool
{
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $want = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $signature) as $one) {
        if (hash_equals($want, $one)) {
            return true;
        }
    }
    return false;
}

$ok = verify(getenv('WEBHOOK_SECRET'), $argv[1], $argv[2], $argv[3], file_get_contents('php://stdin'));
echo $ok ? "verified\n" : "refused\n";
exit($ok ? 0 : 1);
