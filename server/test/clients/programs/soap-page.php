<?php
/*
 * One step of a BrightSign web page with PHP's own SoapClient and no class of its own: SoapVar names the derived types, as
 * classes generated from the WSDL would. Reads its task as JSON from standard input and prints the outcome as JSON:
 * {"result": ...} or {"fault": string, "message": string | null}. Several of it at once send several files at once.
 */

const DATA = 'BSN.WebServices.Uploads.DTO.2014.07';

function client(object $task): SoapClient
{
    $namespace = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
    $xml = '<w:Security xmlns:w="' . $namespace . '"><w:UsernameToken>'
        . '<w:Username>' . htmlspecialchars($task->login, ENT_XML1) . '</w:Username>'
        . '<w:Password>' . htmlspecialchars($task->password, ENT_XML1) . '</w:Password>'
        . '</w:UsernameToken></w:Security>';
    $client = new SoapClient($task->wsdl, [
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'location' => str_replace('WSDL', 'Basic', $task->wsdl),
    ]);
    $client->__setSoapHeaders([new SoapHeader($namespace, 'Security', new SoapVar($xml, XSD_ANYXML))]);
    return $client;
}

function typed(array $members, string $type): SoapVar
{
    return new SoapVar((object) $members, SOAP_ENC_OBJECT, $type, DATA);
}

function facts(object $file): array
{
    $bytes = file_get_contents($file->file);
    return ['FileName' => $file->name, 'FileSize' => strlen($bytes), 'SHA1Hash' => sha1($bytes)];
}

function asset(object $file): array
{
    return facts($file) + ['RelativePath' => $file->path];
}

function page(object $task, array $more): SoapVar
{
    $assets = array_map(fn ($file) => (object) asset($file), $task->assets);
    $members = facts($task->page) + $more + ['Name' => $task->name];
    $members['Assets'] = ['WebPageAssetUploadArguments' => $assets];
    if (isset($task->webPageId)) {
        return typed($members + ['WebPageId' => $task->webPageId], 'WebPageUpdateArguments');
    }
    return typed($members, 'WebPageUploadArguments');
}

/** Sends one file, unless the server has it; says how many bytes went. */
function sendFile(SoapClient $client, object $task, object $file): array
{
    $tokens = ['SessionToken' => $task->session, 'UploadToken' => $file->token];
    $args = $file->role === 'page'
        ? (isset($task->webPageId)
            ? typed(facts($file) + $tokens + ['ContentType' => 'WebPage', 'ContentId' => $task->webPageId], 'ContentUpdateArguments')
            : typed(facts($file) + $tokens + ['ContentType' => 'WebPage'], 'ContentUploadArguments'))
        : typed(asset($file) + $tokens, 'WebPageAssetUploadArguments');
    $started = $client->StartFileUpload(['args' => $args])->StartFileUploadResult;
    if (isset($started->MatchingFiles->ContentInfo)) {
        $cancelled = $client->CancelFileUpload(['uploadToken' => $file->token])->CancelFileUploadResult;
        return ['name' => $file->name, 'state' => $cancelled->State, 'sent' => 0, 'kept' => $started->MatchingFiles->ContentInfo[0]->Id];
    }
    $bytes = file_get_contents($file->file);
    for ($at = 0, $part = 0; $at < strlen($bytes); $at += $task->chunkSize, $part++) {
        $chunk = ['sessionToken' => $task->session, 'uploadToken' => $file->token, 'partNumber' => $part,
            'data' => substr($bytes, $at, $task->chunkSize), 'offset' => $at];
        if ($client->AppendChunk($chunk)->AppendChunkResult !== true) {
            throw new RuntimeException('a chunk was not stored');
        }
    }
    $completed = $client->CompleteFileUpload(['args' => $args])->CompleteFileUploadResult;
    return ['name' => $file->name, 'state' => $completed->State, 'sent' => strlen($bytes), 'id' => $completed->ContentId];
}

function step(SoapClient $client, object $task)
{
    switch ($task->step) {
        case 'start':
            return $client->StartWebPageUploadSession(['args' => page($task, [])])->StartWebPageUploadSessionResult;
        case 'files':
            return array_map(fn ($file) => sendFile($client, $task, $file), $task->files);
        case 'status':
            return $client->GetWebPageUploadStatus(['sessionToken' => $task->session])->GetWebPageUploadStatusResult;
        case 'complete':
            return $client->CompleteWebPageUploadSession(['args' => page($task, ['SessionToken' => $task->session])])
                ->CompleteWebPageUploadSessionResult;
    }
    throw new InvalidArgumentException("no step $task->step");
}

$task = json_decode(stream_get_contents(STDIN), false, 512, JSON_THROW_ON_ERROR);
try {
    $outcome = ['result' => step(client($task), $task)];
} catch (SoapFault $fault) {
    $outcome = ['fault' => $fault->getMessage(), 'message' => $fault->detail->FileUploadFault->Message ?? null];
}
echo json_encode($outcome);
