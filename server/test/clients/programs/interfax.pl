# Uploads a document to InterFAX in three chunks with SOAP::Lite, faxes it, waits for its end and gets its pages. Reads its task as
# JSON from standard input, prints the outcome as JSON.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64 'decode_base64';
use SOAP::Lite;

my $task = decode_json(join '', <STDIN>);
my $service = SOAP::Lite->proxy($task->{endpoint})->default_ns('http://www.interfax.cc')
    ->on_action(sub { join '/', @_ })
    ->on_fault(sub { my ($soap, $answer) = @_; die ref $answer ? $answer->faultstring : $soap->transport->status });
my @who = ([Username => 'string', $task->{login}], [Password => 'string', $task->{password}]);

# Calls an operation; gives the answer. Parameters are [name, type, value].
sub call {
    my ($operation, @parameters) = @_;
    return $service->call($operation, map { SOAP::Data->name($_->[0])->type($_->[1])->value($_->[2]) } @parameters);
}

open my $file, '<:raw', $task->{file} or die $!;
my $content = do { local $/; <$file> };

my $started = call('StartFileUpload', @who);
die 'StartFileUpload: ' . $started->result unless $started->result == 0;
my $session = $started->valueof('//SessionID');

sub chunk {
    my ($bytes, $last) = @_;
    my @parameters = ([SessionID => 'string', $session], [Chunk => 'base64Binary', $bytes]);
    return 0 + call('UploadFileChunk', @parameters, [IsLast => 'boolean', $last ? 1 : 0])->result;
}

my ($first, $second) = @{ $task->{sizes} };
my @totals = (
    chunk(substr($content, 0, $first)),
    chunk(substr($content, $first, $second)),
    chunk(substr($content, $first + $second), 1),
);
my $late = chunk('more');

sub fax {
    return 0 + call(
        'SendfaxEx_2', @who,
        [FaxNumbers => 'string', $task->{number}],
        [FilesData => 'base64Binary', ''],
        [FileTypes => 'string', 'PDF'],
        [FileSizes => 'string', length($content) . "/sessionID=$session"],
        [RetriesToPerform => 'int', 2],
        [PageHeader => 'string', 'N'],
        [PageSize => 'string', 'A4'],
        [PageOrientation => 'string', 'Portrait'],
        [IsHighResolution => 'boolean', 'true'],
        [IsFineRendering => 'boolean', 'false'],
    )->result;
}

my $transaction = fax();
my $item;
for (1 .. 600) {
    my $status = call('FaxStatus', @who, [LastTransactionID => 'int', $transaction + 1], [MaxItems => 'int', 1]);
    $item = $status->valueof('//FaxItem');
    last if $item->{Status} >= 0;
    select undef, undef, undef, 0.1;
}

my $image = call('GetFaxImage', @who, [TransactionID => 'long', $transaction]);
open my $pages, '>:raw', $task->{image} or die $!;
print {$pages} decode_base64($image->valueof('//Image'));
close $pages or die $!;

print encode_json({
    totals => \@totals,
    late => $late,
    transaction => $transaction,
    item => {
        Status => 0 + $item->{Status},
        PagesSent => 0 + $item->{PagesSent},
        DestinationFax => '' . $item->{DestinationFax},
    },
    fetched => 0 + $image->result,
    again => fax(),
});
