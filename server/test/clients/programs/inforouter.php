<?php
/*
 * Uploads two versions of a document to infoRouter with PHP's own SoapClient, chunk by chunk, and reads them back. One
 * chunk is damaged on its way the first time. Reads its task as JSON from standard input, prints the outcome as JSON.
 */

$task = json_decode(stream_get_contents(STDIN), false, 512, JSON_THROW_ON_ERROR);
$client = new SoapClient($task->wsdl, [
    'soap_version' => $task->soapVersion === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
]);

/** @return list<array<string, string>> the attributes of every element of that name */
function attributes(string $xml, string $name): array
{
    preg_match_all("~<$name\\b((?:\\s+[\\w:]+=\"[^\"]*\")*)~", $xml, $elements);
    return array_map(function (string $written): array {
        preg_match_all('~([\w:]+)="([^"]*)"~', $written, $found);
        return array_diff_key(array_combine($found[1], array_map('html_entity_decode', $found[2])), ['xmlns' => '']);
    }, $elements[1]);
}

/** @return list<string> the text of every element of that name */
function texts(string $xml, string $name): array
{
    preg_match_all("~<$name\\b[^>]*+(?:/>|>([^<]*+)</$name>)~", $xml, $found);
    return array_map('html_entity_decode', $found[1]);
}

/** Calls an operation and gives its document; Debian's PHP has no XML reader without a further package. */
function call(string $operation, array $parameters): string
{
    global $client;
    return $client->$operation($parameters)->{$operation . 'Result'}->any;
}

/** The same; throws where the answer says no. */
function must(string $operation, array $parameters): string
{
    $answer = call($operation, $parameters);
    if (!str_starts_with($answer, '<response ') || attributes($answer, 'response')[0]['success'] !== 'true') {
        throw new RuntimeException("$operation: $answer");
    }
    return $answer;
}

/** The attributes of an answer that says yes. */
function said(string $operation, array $parameters): array
{
    return attributes(must($operation, $parameters), 'response')[0];
}

/** As the vendor's samples write it: upper case, no leading zeros. */
function checksum(string $data): string
{
    return strtoupper(dechex(crc32($data)));
}

$ticket = said('AuthenticateUser', ['UID' => $task->login, 'PWD' => $task->password])['ticket'];

function ticketed(array $parameters): array
{
    global $ticket;
    return ['AuthenticationTicket' => $ticket] + $parameters;
}

/** Sends all chunks; gives the handler and how often a chunk had to be sent again. */
function upload(string $content, int $chunkSize, int $damaged): array
{
    $opened = said('CreateUploadHandler', ticketed(['PreferedChunkSize' => $chunkSize]));
    $handler = $opened['UploadHandler'];
    $chunks = str_split($content, (int) $opened['ChunkSize']);
    $again = 0;
    foreach ($chunks as $index => $data) {
        $sent = $data;
        if ($index === $damaged) {
            $sent[0] = chr(ord($sent[0]) ^ 1);
        }
        $parameters = ticketed(['UploadHandler' => $handler, 'FileChunk' => $sent, 'ChunkHEXCRC' => checksum($data),
            'LastChunk' => $index === count($chunks) - 1]);
        $answer = attributes(call('UploadFileChunk', $parameters), 'response')[0];
        if ($answer['tryagain'] === 'true') {
            $again += 1;
            $answer = said('UploadFileChunk', ['FileChunk' => $data] + $parameters);
        }
        if ($answer['success'] !== 'true') {
            throw new RuntimeException('a chunk was refused: ' . json_encode($answer));
        }
    }
    if ($answer['filehexcrc'] !== checksum($content)) {
        throw new RuntimeException('filehexcrc: ' . json_encode($answer));
    }
    return [$handler, $again];
}

function download(string $path, int $chunkSize, int $number): string
{
    $opened = said('GetDownloadHandlerByVersion',
        ticketed(['Path' => $path, 'PreferedChunkSize' => $chunkSize, 'VersionNumber' => $number]));
    $handler = $opened['downloadhandler'];
    $content = '';
    for ($turn = 0; $turn < 1000; $turn += 1) {
        $parameters = ['DownloadHandler' => $handler, 'StartOffset' => strlen($content),
            'ChunkSize' => (int) $opened['ChunkSize']];
        $chunk = must('DownloadFileChunk', ticketed($parameters));
        $facts = attributes($chunk, 'response')[0];
        $data = base64_decode(texts($chunk, 'response')[0], true);
        if (crc32($data) !== hexdec($facts['chunkCRC32']) || strlen($data) !== (int) $facts['chunklength']) {
            throw new RuntimeException('a chunk came damaged');
        }
        $content .= $data;
        if ($facts['lastchunk'] === 'true') {
            break;
        }
    }
    must('DeleteDownloadHandler', ticketed(['DownloadHandler' => $handler]));
    if (crc32($content) !== hexdec($opened['CRC32'])) {
        throw new RuntimeException('the document came damaged');
    }
    return $content;
}

$path = $task->path;
$folder = dirname($path);
$contents = array_map('file_get_contents', $task->files);
$bare = ['withPropertySets' => false, 'withSecurity' => false, 'withOwner' => false, 'withVersions' => false];

must('CreateFolder', ticketed(['Path' => $folder]));
[$handler, $again] = upload($contents[0], $task->chunkSize, 2);
$first = said('UploadDocumentWithHandler1',
    ticketed(['Path' => $path, 'UploadHandler' => $handler, 'VersionComments' => 'first']));
must('DeleteUploadHandler', ticketed(['UploadHandler' => $handler]));
[$handler, $more] = upload($contents[1], $task->chunkSize, intdiv(strlen($contents[1]), $task->chunkSize));
$comment = '<xmlparameters><item NAME="VERSIONCOMMENT" VALUE="Zweite &amp; letzte"/></xmlparameters>';
$second = said('UploadDocumentWithHandler3',
    ticketed(['Path' => $path, 'UploadHandler' => $handler, 'xmlParameters' => $comment]));

$versions = must('GetDocumentVersions', ticketed(['Path' => $path]));
$numbers = array_map(fn ($version) => (int) $version['Number'], attributes($versions, 'Version'));
$outcome = [
    'again' => $again + $more,
    'ids' => [$first['DocumentId'], $second['DocumentId']],
    'listed' => attributes(must('GetDocuments', ticketed(['Path' => $folder] + $bare)), 'document'),
    'versions' => $numbers,
    'comments' => texts($versions, 'Comment'),
    'same' => array_map(fn ($number, $content) => download($path, $task->chunkSize, $number) === $content,
        $numbers, $contents),
    'whole' => $client->DownloadDocument(ticketed(['Path' => $path]))->DownloadDocumentResult === $contents[1],
    'refused' => attributes(call('GetDocument', ticketed(['Path' => $path . 'x'] + $bare)), 'response')[0],
];
must('LogOut', ticketed([]));
echo json_encode($outcome, JSON_THROW_ON_ERROR);
