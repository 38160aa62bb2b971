<?php
// A file goes to a 4shared server and back, with PHP's SoapClient and a socket for each part, as Rapidleech does it: HTTP/1.0,
// a boundary that begins with dashes, Host without port. Prints what every step answered.
[, $wsdl, $login, $password, $path] = $argv;
$client = new SoapClient($wsdl, ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$bytes = file_get_contents($path);
$size = strlen($bytes);

/** Begins a POST: sends its first bytes. */
function begin(string $url, int $file, int $first, string $part, ?int $sent = null) {
    $to = parse_url($url);
    $boundary = '--------' . md5($first . $part);
    $field = fn ($name, $value) => "--$boundary\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$value\r\n";
    $body = $field('resumableFileId', $file) . $field('resumableFirstByte', $first)
        . "--$boundary\r\nContent-Disposition: form-data; name=\"FilePart\"; filename=\"film.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        . $part . "\r\n--$boundary--\r\n";
    $socket = stream_socket_client("tcp://{$to['host']}:{$to['port']}");
    fwrite($socket, "POST {$to['path']}?{$to['query']} HTTP/1.0\r\nHost: {$to['host']}\r\nConnection: Close\r\n"
        . "Content-Type: multipart/form-data; boundary=$boundary\r\nContent-Length: " . strlen($body) . "\r\n\r\n");
    fwrite($socket, substr($body, 0, $sent ?? strlen($body)));
    return $socket;
}

/** The status that a POST is answered with, and whether its page has the file's id. */
function answer($socket, int $file): array {
    $said = stream_get_contents($socket);
    fclose($socket);
    preg_match('~^HTTP/1\.\d (\d+)~', $said, $found);
    return [(int) ($found[1] ?? 0), str_contains($said, "id=\"uploadedFileId\" value=\"$file\"")];
}

$say = [];
$say['login'] = $client->login($login, $password);
$say['refused'] = $client->login($login, 'wrong') !== '';
$say['may'] = $client->hasRightUpload();
$say['fits'] = $client->getFreeSpace($login, $password) >= $size && $client->getMaxFileSize($login, $password) >= $size;
$key = $client->createUploadSessionKey($login, $password, -1);
// One argument too many, as there are clients that send it.
$center = $client->getNewFileDataCenter($login, $password, -1);
$url = $client->getUploadFormUrl($center, $key);
$say['url'] = str_starts_with($url, 'http');
$file = $client->uploadStartFile($login, $password, -1, 'film.bin', $size);
$third = intdiv($size, 3);

$cut = begin($url, $file, 0, substr($bytes, 0, $third), intdiv($third, 2));
fclose($cut);
$say['early'] = $client->uploadFinishFile($login, $password, $file, md5($bytes)) !== '';
$one = begin($url, $file, 2 * $third, substr($bytes, 2 * $third));
$two = begin($url, $file, $third, substr($bytes, $third, $third));
$say['parts'] = [answer($two, $file), answer($one, $file), answer(begin($url, $file, 0, substr($bytes, 0, $third)), $file)];
$say['wrong'] = $client->uploadFinishFile($login, $password, $file, md5('other')) !== '';
$say['finish'] = $client->uploadFinishFile($login, $password, $file, md5($bytes));

$names = fn ($dir) => array_map(fn ($item) => $item->name, $client->getItems($login, $password, $dir)->item ?? []);
$say['listed'] = $names(-1);
$say['renamed'] = $client->renameFile($login, $password, $file, 'lake.bin') === $file;
$dir = $client->createNewFolder($login, $password, -1, 'Films');
$say['moved'] = $client->pasteFilesDirs($login, $password, $dir, true, ['item' => [$file]], ['item' => []]);
$say['there'] = $names($dir);
$link = $client->getDirectLink($login, $password, $client->getFileDownloadLink($login, $password, $file));
$say['same'] = file_get_contents($link) === $bytes;
$client->deleteFile($login, $password, $file);
$say['deleted'] = $names($dir);
$client->restoreFile($login, $password, $file);
$say['restored'] = $names($dir);
echo json_encode($say);
