<?php
/*
 * One step of a BrightSign upload with PHP's own SoapClient, in the manner of classes generated from the WSDL: each
 * operation takes one object, and the login goes in a WS-Security header. Reads its task as JSON from standard input
 * and prints the outcome as JSON: {"result": ...} or {"fault": string, "message": string | null}.
 */

class ContentUploadArguments
{
    public $ChunksCount;
    public $ContentType;
    public $FileLastModifiedDate;
    public $FileName;
    public $FileSize;
    public $FileThumb;
    public $SHA1Hash;
    public $SessionToken;
    public $UploadToken;
    public $VirtualPath;
}

class ContentUploadStatus
{
}

class ContentNegotiationStatus extends ContentUploadStatus
{
}

class StartFileUpload
{
    public function __construct(public $args)
    {
    }
}

class CompleteFileUpload
{
    public function __construct(public $args)
    {
    }
}

class AppendChunk
{
    public function __construct(public $sessionToken, public $uploadToken, public $partNumber, public $data, public $offset)
    {
    }
}

class GetFileUploadStatus
{
    public function __construct(public $uploadToken)
    {
    }
}

function securityHeader(string $login, string $password): SoapHeader
{
    $namespace = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
    $xml = '<w:Security xmlns:w="' . $namespace . '"><w:UsernameToken>'
        . '<w:Username>' . htmlspecialchars($login, ENT_XML1) . '</w:Username>'
        . '<w:Password>' . htmlspecialchars($password, ENT_XML1) . '</w:Password>'
        . '</w:UsernameToken></w:Security>';
    return new SoapHeader($namespace, 'Security', new SoapVar($xml, XSD_ANYXML));
}

function client(object $task): SoapClient
{
    $classes = [];
    foreach (['ContentUploadArguments', 'ContentUploadStatus', 'ContentNegotiationStatus', 'StartFileUpload',
        'CompleteFileUpload', 'AppendChunk', 'GetFileUploadStatus'] as $name) {
        $classes[$name] = $name;
    }
    $options = [
        'classmap' => $classes,
        'soap_version' => $task->soapVersion === '1.2' ? SOAP_1_2 : SOAP_1_1,
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'trace' => true,
        // Known clients derive the endpoint from the WSDL's own address.
        'location' => str_replace('WSDL', 'Basic', $task->wsdl),
    ];
    if (isset($task->compression) && $task->compression) {
        $options['compression'] = SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 5;
    }
    $client = new SoapClient($task->wsdl, $options);
    $client->__setSoapHeaders([securityHeader($task->login, $task->password)]);
    return $client;
}

function arguments(object $given): ContentUploadArguments
{
    $args = new ContentUploadArguments();
    foreach ($given as $name => $value) {
        $args->$name = $value;
    }
    return $args;
}

function step(SoapClient $client, object $task)
{
    switch ($task->step) {
        case 'start':
            return $client->StartFileUpload(new StartFileUpload(arguments($task->args)))->StartFileUploadResult;
        case 'append':
            $file = fopen($task->file, 'rb');
            $answers = [];
            foreach ($task->offsets as $offset) {
                fseek($file, $offset);
                $data = fread($file, $task->chunkSize);
                $part = intdiv($offset, $task->chunkSize);
                $chunk = new AppendChunk(null, $task->uploadToken, $part, $data, $offset);
                $answers[] = $client->AppendChunk($chunk)->AppendChunkResult;
            }
            return $answers;
        case 'status':
            return $client->GetFileUploadStatus(new GetFileUploadStatus($task->uploadToken))->GetFileUploadStatusResult;
        case 'complete':
            return $client->CompleteFileUpload(new CompleteFileUpload(arguments($task->args)))->CompleteFileUploadResult;
    }
    throw new InvalidArgumentException("no step $task->step");
}

$task = json_decode(stream_get_contents(STDIN), false, 512, JSON_THROW_ON_ERROR);
$client = null;
try {
    $client = client($task);
    $outcome = ['result' => step($client, $task)];
} catch (SoapFault $fault) {
    $outcome = ['fault' => $fault->getMessage(), 'message' => $fault->detail->FileUploadFault->Message ?? null];
}
$outcome['requestHeaders'] = $client?->__getLastRequestHeaders();
echo json_encode($outcome);
