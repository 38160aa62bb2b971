/*
 * An upload, and a look into the library, by WCF clients as `svcutil` makes them. Takes a login, a password and the address of the
 * server; prints what it was answered, a line each: NAME=VALUE.
 */
using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Xml;
using BSN.WebServices.Uploads.DTO._2014._07;

public class Security : MessageHeader
{
    readonly string login, password;

    public Security(string login, string password)
    {
        this.login = login;
        this.password = password;
    }

    public override string Name
    {
        get { return "Security"; }
    }

    public override string Namespace
    {
        get { return "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"; }
    }

    protected override void OnWriteHeaderContents(XmlDictionaryWriter writer, MessageVersion version)
    {
        writer.WriteStartElement("UsernameToken", Namespace);
        writer.WriteElementString("Username", Namespace, login);
        writer.WriteElementString("Password", Namespace, password);
        writer.WriteEndElement();
    }
}

public static class Program
{
    // Mono's own way out fails now and then, over connections that it has kept.
    [DllImport("libc")]
    static extern void _exit(int status);

    static void Say(string name, object value)
    {
        Console.WriteLine(name + "=" + value);
    }

    public static void Main(string[] args)
    {
        var security = new Security(args[0], args[1]);
        var uploads = new ContentUploadServiceClient(new BasicHttpBinding(), new EndpointAddress(args[2] + "/Uploads/2014/07/SOAP/Basic/"));
        using (new OperationContextScope(uploads.InnerChannel))
        {
            OperationContext.Current.OutgoingMessageHeaders.Add(security);
            var facts = new ContentUploadArguments { FileName = "wcf.png", FileSize = 6, SHA1Hash = args[3] };
            var token = uploads.StartFileUpload(facts).UploadToken;
            Say("stored", uploads.AppendChunk(null, token, 1, new byte[] { 4, 5, 6 }, 3));
            Say("stored", uploads.AppendChunk(null, token, 0, new byte[] { 1, 2, 3 }, 0));
            Say("sent", uploads.GetFileUploadStatus(token).State);
            Say("completed", uploads.CompleteFileUpload(new ContentUploadArguments { UploadToken = token }).State);
            var again = (ContentNegotiationStatus) uploads.StartFileUpload(facts);
            Say("known", string.Join(" ", again.MatchingFiles.Select(match => match.FileName)));
            Say("unknown", uploads.GetFileUploadStatus("nobody") == null);
        }
        var library = new ApplicationServiceClient(new BasicHttpBinding(), new EndpointAddress(args[2] + "/2014/12/SOAP/Basic/"));
        using (new OperationContextScope(library.InnerChannel))
        {
            OperationContext.Current.OutgoingMessageHeaders.Add(security);
            Say("login", library.Authenticate().Login);
            var list = library.GetFolderContent(@"\Shared\Incoming\", null, 10);
            Say("listed", string.Join(" ", list.Items.Select(content => content.FileName + " " + content.Type + " " + content.FileSize)));
            Say("folders", string.Join(" ", library.GetContentFolders(@"\Shared\").Select(folder => folder.Name)));
            Say("nothing", library.GetWebPage(999999, true) == null);
            Say("deleted", library.DeleteContent(new[] { list.Items[0].Id }));
        }
        _exit(0);
    }
}
