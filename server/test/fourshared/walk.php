<?php
// Calls every operation of a 4shared service with PHP's SoapClient, and prints how each result is typed.
[, $wsdl, $login, $password] = $argv;
$client = new SoapClient($wsdl, ['cache_wsdl' => WSDL_CACHE_NONE, 'exceptions' => true, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$blanks = ['string' => 'x', 'long' => 1, 'int' => 1, 'boolean' => false];
$answers = [];
foreach ($client->__getFunctions() as $signature) {
    preg_match('/(\w+)\((.*)\)$/', $signature, $found);
    $arguments = [];
    foreach ($found[2] === '' ? [] : explode(', ', $found[2]) as $n => $parameter) {
        [$type] = explode(' ', $parameter);
        $credential = $type === 'string' ? [$login, $password][$n] ?? null : null;
        $arguments[] = $credential ?? $blanks[$type] ?? match ($type) {
            'longArray' => ['item' => [7, 8]],
            'userSettings' => ['settings' => []],
            default => new class {
                // Every flag of a struct is off.
                public function __get($name) { return false; }
                public function __isset($name) { return true; }
            },
        };
    }
    try {
        $answers[$found[1]] = get_debug_type($client->__soapCall($found[1], $arguments));
    } catch (SoapFault $fault) {
        $answers[$found[1]] = 'SoapFault';
    }
}
echo json_encode($answers);
