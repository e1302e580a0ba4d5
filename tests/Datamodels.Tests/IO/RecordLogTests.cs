using System.Diagnostics;
using System.Text;
using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public sealed class RecordLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.File("log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_is_cut_anywhere_and_goes_on_behind_its_last_whole_record()
    {
        Write("one", "", "three");
        byte[] whole = File.ReadAllBytes(Log);
        int[] ends = [.. new[] { "", "one", "", "three" }.Select((_, i) => End(i))];
        int End(int records) => "header".Length + (12 * records) + new[] { 0, 3, 3, 8 }[records];
        Assert.Equal(whole.Length, ends[^1]);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Log, whole[..length]);
            int kept = Math.Max(0, ends.Count(end => end <= length) - 1);
            string[] expected = new[] { "one", "", "three" }[..kept];
            Assert.Equal(expected, Records(FileAccess.Read));
            Assert.Equal(length, new FileInfo(Log).Length);
            Write("new");
            Assert.Equal([.. expected, "new"], Records(FileAccess.Read));
            Assert.Equal(ends[kept] + 12 + 3, new FileInfo(Log).Length);
        }
    }

    [Fact]
    public void A_changed_bit_costs_the_record_it_is_in()
    {
        string[] texts = ["first", "second", "third"];
        Write(texts);
        byte[] whole = File.ReadAllBytes(Log);
        for (int bit = "header".Length * 8; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Log, damaged);
            int at = (bit / 8) - "header".Length;
            int hit = at < 17 ? 0 : at < 17 + 18 ? 1 : 2;
            Assert.Equal(texts.Where((_, i) => i != hit), Records(FileAccess.ReadWrite));
            Assert.Equal(hit == 2 ? "header".Length + 17 + 18 : whole.Length, new FileInfo(Log).Length);
        }
    }

    [Fact]
    public void A_record_damaged_after_opening_is_told_when_it_is_read()
    {
        Write("first", "second");
        var offsets = new List<long>();
        using RecordLog log = Open(FileAccess.Read, (offset, _) => offsets.Add(offset));
        byte[] bytes = File.ReadAllBytes(Log);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Log, bytes);
        Assert.Equal("first", Encoding.UTF8.GetString(log.Read(offsets[0])!));
        Assert.Null(log.Read(offsets[1]));
    }

    [Fact]
    public void Records_are_found_behind_damage_longer_than_a_search()
    {
        Write("first", new string('x', 200_000), "third");
        byte[] bytes = File.ReadAllBytes(Log);
        bytes[100_000] ^= 1;
        File.WriteAllBytes(Log, bytes);
        Assert.Equal(["first", "third"], Records(FileAccess.ReadWrite));
    }

    [Theory]
    [InlineData("something else")]
    [InlineData("hea-er")]
    [InlineData("x")]
    public void What_does_not_begin_as_the_log_is_left_alone(string content)
    {
        _folder.Write("log", content);
        foreach (FileAccess access in new[] { FileAccess.Read, FileAccess.ReadWrite })
        {
            var error = Assert.Throws<DatamodelException>(() => Records(access));
            Assert.Equal("LogForeign", error.Id);
            Assert.Contains(Log, error.Message);
        }

        Assert.Equal(content, File.ReadAllText(Log));
    }

    [Fact]
    public void Only_one_may_write()
    {
        using RecordLog log = Open(FileAccess.ReadWrite);
        Assert.ThrowsAny<IOException>(() => Records(FileAccess.ReadWrite));
        Assert.ThrowsAny<IOException>(() => Records(FileAccess.Read));
    }

    [Fact]
    public void A_record_is_there_before_the_log_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs cp, which reads in spite of locks");
        using (RecordLog log = Open(FileAccess.ReadWrite))
        {
            log.Append("kept"u8);

            // What a kill would leave.
            Process.Start("cp", [Log, _folder.File("killed")]).WaitForExit();
        }

        File.Move(_folder.File("killed"), Log, overwrite: true);
        Assert.Equal(["kept"], Records(FileAccess.Read));
    }

    [Fact]
    public void A_full_disk_is_told()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        using RecordLog log = RecordLog.Open("/dev/full", FileAccess.ReadWrite, [], (_, _) => { });
        var error = Assert.Throws<DatamodelException>(() => log.Append("record"u8));
        Assert.Equal("LogNotWritten", error.Id);
        Assert.Equal(ErrorKind.InputOutput, error.Kind);
    }

    private void Write(params string[] records)
    {
        using RecordLog log = Open(FileAccess.ReadWrite);
        foreach (string record in records)
        {
            long offset = log.Append(Encoding.UTF8.GetBytes(record));
            Assert.Equal(record, Encoding.UTF8.GetString(log.Read(offset)!));
        }
    }

    private string[] Records(FileAccess access)
    {
        var records = new List<string>();
        Open(access, (_, record) => records.Add(Encoding.UTF8.GetString(record))).Dispose();
        return [.. records];
    }

    private RecordLog Open(FileAccess access, Action<long, byte[]>? visit = null) =>
        RecordLog.Open(Log, access, "header"u8, visit ?? ((_, _) => { }));
}
