<?php
/*
 * Uploads a document to InterFAX in three chunks with PHP's own SoapClient, faxes it, waits for its end and gets its pages. Reads its
 * task as JSON from standard input, prints the outcome as JSON.
 */

$task = json_decode(stream_get_contents(STDIN), false, 512, JSON_THROW_ON_ERROR);
$client = new SoapClient($task->wsdl, [
    'soap_version' => $task->soapVersion === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
]);
$who = ['Username' => $task->login, 'Password' => $task->password];
$content = file_get_contents($task->file);

$started = $client->StartFileUpload($who);
if ($started->StartFileUploadResult !== 0) {
    throw new RuntimeException("StartFileUpload: $started->StartFileUploadResult");
}
$session = $started->SessionID;

$chunk = fn (string $bytes, bool $last): int => $client->UploadFileChunk(
    ['SessionID' => $session, 'Chunk' => $bytes, 'IsLast' => $last]
)->UploadFileChunkResult;

[$first, $second] = $task->sizes;
$totals = [
    $chunk(substr($content, 0, $first), false),
    $chunk(substr($content, $first, $second), false),
    $chunk(substr($content, $first + $second), true),
];
$late = $chunk('more', false);

$send = fn (): int => $client->SendfaxEx_2($who + [
    'FaxNumbers' => $task->number,
    'Contacts' => 'Ann & Bob',
    'FilesData' => '',
    'FileTypes' => 'PDF',
    'FileSizes' => strlen($content) . "/sessionID=$session",
    'Postpone' => '2000-01-01',
    'RetriesToPerform' => 2,
    'CSID' => '',
    'PageHeader' => 'N',
    'JobID' => '',
    'Subject' => 'PHP',
    'ReplyAddress' => '',
    'PageSize' => 'A4',
    'PageOrientation' => 'Portrait',
    'IsHighResolution' => true,
    'IsFineRendering' => false,
])->SendfaxEx_2Result;
$transaction = $send();

for ($turn = 0; $turn < 600; $turn += 1) {
    $status = $client->FaxStatus($who + [
        'LastTransactionID' => $transaction + 1,
        'MaxItems' => 1,
        'TotalCount' => 0,
        'ListSize' => 0,
        'ResultCode' => 0,
    ]);
    $item = $status->FaxStatusResult->FaxItem;
    if ($item->Status >= 0) {
        break;
    }
    usleep(100_000);
}

$image = $client->GetFaxImage($who + ['TransactionID' => $transaction]);
file_put_contents($task->image, $image->Image);

echo json_encode([
    'totals' => $totals,
    'late' => $late,
    'transaction' => $transaction,
    'item' => [
        'Status' => $item->Status,
        'PagesSent' => $item->PagesSent,
        'DestinationFax' => $item->DestinationFax,
    ],
    'fetched' => $image->GetFaxImageResult,
    'again' => $send(),
], JSON_THROW_ON_ERROR);
