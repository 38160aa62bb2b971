/*
 * An upload and a web page by .NET web service proxies, as `wsdl` makes them, and what the library says of them.
 * Takes a login, a password and a file; prints what it was answered, a line each: NAME=VALUE.
 */
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using System.Web.Services.Protocols;
using System.Xml.Serialization;
using App;
using Up;

[XmlRoot("Security", Namespace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd")]
public class Security : SoapHeader
{
    public UsernameToken UsernameToken;
}

public class UsernameToken
{
    public string Username;
    public string Password;
}

// The proxies' operations are marked to send this header.
namespace Up
{
    public partial class ContentUploadService { public Security Security; }
}

namespace App
{
    public partial class ApplicationService { public Security Security; }
}

public static class Program
{
    const int ChunkSize = 256 * 1024;
    static Security security;

    // Mono's own way out fails now and then, over connections that it has kept.
    [DllImport("libc")]
    static extern void _exit(int status);

    static void Say(string name, object value)
    {
        Console.WriteLine(name + "=" + value);
    }

    static string Hash(byte[] bytes)
    {
        using (var sha1 = SHA1.Create()) return BitConverter.ToString(sha1.ComputeHash(bytes)).Replace("-", "");
    }

    static ContentUploadService NewUploads()
    {
        return new ContentUploadService { Security = security };
    }

    /** Sends the chunks of a file, the last one first, four at once. */
    static void Send(string session, string token, byte[] bytes)
    {
        var offsets = Enumerable.Range(0, (bytes.Length + ChunkSize - 1) / ChunkSize).Select(n => n * ChunkSize).Reverse();
        Parallel.ForEach(offsets, new ParallelOptions { MaxDegreeOfParallelism = 4 }, offset =>
        {
            var chunk = bytes.Skip(offset).Take(ChunkSize).ToArray();
            if (!NewUploads().AppendChunk(session, token, offset / ChunkSize, true, chunk, offset, true))
                throw new Exception("a chunk was not stored");
        });
    }

    static int? SendFile(ContentUploadService uploads, byte[] bytes)
    {
        var facts = new ContentUploadArguments
        {
            FileName = "lake.mp4",
            FileSize = bytes.Length, FileSizeSpecified = true,
            ContentType = Up.ContentType.Video, ContentTypeSpecified = true,
            SHA1Hash = Hash(bytes),
            FileLastModifiedDate = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), FileLastModifiedDateSpecified = true,
        };
        var started = uploads.StartFileUpload(facts);
        Say("started", started.State);
        Send(null, started.UploadToken, bytes);
        Say("sent", uploads.GetFileUploadStatus(started.UploadToken).State);
        var completed = uploads.CompleteFileUpload(new ContentUploadArguments { UploadToken = started.UploadToken });
        Say("completed", completed.State + " " + completed.FileSize);
        var again = (ContentNegotiationStatus) uploads.StartFileUpload(facts);
        Say("known", again.MatchingFiles.Length == 1 && again.MatchingFiles[0].Id == completed.ContentId);
        Say("cancelled", uploads.CancelFileUpload(again.UploadToken).State);
        return completed.ContentId;
    }

    /** Sends what the server does not have of a page; says how much that was. */
    static WebPageUploadStatus SendPage(ContentUploadService uploads, WebPageUploadArguments page, IEnumerable<string> texts)
    {
        page.FileName = "index.html";
        page.Assets = new[] { "a.css", "b.css" }
            .Select(name => new WebPageAssetUploadArguments { FileName = name, RelativePath = @"css\" }).ToArray();
        var session = uploads.StartWebPageUploadSession(page);
        Say("queued", session.State + " " + session.Assets.Length);
        var sent = 0;
        foreach (var item in new ContentUploadStatus[] { session }.Concat(session.Assets).Zip(texts, (file, text) => new { file, text }))
        {
            var bytes = Encoding.UTF8.GetBytes(item.text);
            var facts = new ContentUploadArguments
            {
                SessionToken = session.SessionToken, UploadToken = item.file.UploadToken,
                FileName = item.file.FileName,
                FileSize = bytes.Length, FileSizeSpecified = true,
                SHA1Hash = Hash(bytes),
            };
            if (uploads.StartFileUpload(facts) is ContentNegotiationStatus)
            {
                uploads.CancelFileUpload(item.file.UploadToken);
                continue;
            }
            Send(session.SessionToken, item.file.UploadToken, bytes);
            uploads.CompleteFileUpload(facts);
            sent += bytes.Length;
        }
        page.SessionToken = session.SessionToken;
        var published = uploads.CompleteWebPageUploadSession(page);
        Say("published", published.State + ", sent " + sent);
        Say("session", uploads.GetWebPageUploadStatus(session.SessionToken).State);
        return published;
    }

    static void AskLibrary(ApplicationService library, int file, int page, byte[] bytes)
    {
        Say("login", library.Authenticate().Login);
        library.CreateContentFolder(new ContentFolder { Name = "Films", VirtualPath = @"\Shared\" });
        Say("moved", library.MoveContent(new[] { file }, @"\Shared\Films\"));
        Say("folders", string.Join(" ", library.GetContentFolders(@"\Shared\").Select(folder => folder.Name)));
        var films = library.GetFolderContent(@"\Shared\Films\", null, 10);
        Say("films", films.TotalItemCount + " " + films.Items[0].FileName + " " + films.Items[0].Type);
        var content = library.GetContent(file);
        Say("modified", content.FileLastModifiedDate.Value.ToUniversalTime().ToString("s"));
        using (var web = new WebClient()) Say("same", Hash(web.DownloadData(content.PhysicalPath)) == Hash(bytes));
        var found = library.GetWebPage(page, true);
        Say("page", found.Name + " " + string.Join(" ", found.Assets.Select(asset => asset.RelativePath + asset.FileName)));
        Say("nothing", library.GetContent(999999) == null);
        Say("used", library.CheckContentUsage(file));
        Say("deleted", library.DeleteWebPages(new[] { page }) && library.DeleteContent(new[] { file }));
    }

    public static void Main(string[] args)
    {
        security = new Security { UsernameToken = new UsernameToken { Username = args[0], Password = args[1] } };
        ServicePointManager.DefaultConnectionLimit = 8;
        var bytes = File.ReadAllBytes(args[2]);
        var uploads = NewUploads();
        var file = SendFile(uploads, bytes);
        var page = SendPage(uploads, new WebPageUploadArguments { Name = "By .NET" }, new[] { "one", "the first", "the second" });
        var update = new WebPageUpdateArguments { WebPageId = page.ContentId.Value };
        var updated = SendPage(uploads, update, new[] { "three", "the first", "another" });
        Say("kept", updated.ContentId == page.ContentId && updated.Assets[0].ContentId == page.Assets[0].ContentId);
        AskLibrary(new ApplicationService { Security = security }, file.Value, page.ContentId.Value, bytes);

        Say("unknown", uploads.GetFileUploadStatus("nobody") == null);
        try
        {
            uploads.StartFileUpload(new ContentUploadArguments { FileName = "" });
        }
        catch (SoapException fault)
        {
            Say("fault", fault.Message);
            Say("detail", fault.Detail.InnerText);
        }
        security.UsernameToken.Password = "wrong";
        try
        {
            uploads.GetFileUploadStatus("nobody");
        }
        catch (SoapException fault)
        {
            Say("refused", fault.Code.Name);
        }
        _exit(0);
    }
}
