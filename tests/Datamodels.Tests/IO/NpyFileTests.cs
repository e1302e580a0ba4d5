using System.Text;
using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What numpy.save of NumPy 1.24 writes: 128 bytes of header for these, then the array.</summary>
    private static byte[] FromNumPy(string dictionary, string dataHex) =>
    [
        0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(dictionary.PadRight(117) + '\n'),
        .. Convert.FromHexString(dataHex),
    ];

    [Fact]
    public void Writes_the_bytes_that_numpy_writes()
    {
        Check<float>(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
            "000000000000803f0000004000004040000080400000a040", NpyType.Single, [2, 3], [0f, 1, 2, 3, 4, 5]);
        Check<uint>(
            "{'descr': '<u4', 'fortran_order': False, 'shape': (3,), }",
            "01000000020000002c010000", NpyType.UInt32, [3], [1u, 2, 300]);
        Check<double>(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }",
            "000000000000f83f00000000000000c0", NpyType.Double, [2, 1], [1.5, -2]);
        Check<byte>(
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2), }",
            "0102030405ff", NpyType.UInt8, [3, 2], [1, 2, 3, 4, 5, 255]);
    }

    private void Check<T>(string dictionary, string dataHex, NpyType type, EquatableList<long> shape, T[] values)
        where T : unmanaged
    {
        byte[] expected = FromNumPy(dictionary, dataHex);
        var header = new NpyHeader(type, shape);
        string ours = _folder.File($"{type}.npy");
        using (NpyFile file = NpyFile.Create(ours, header))
        {
            file.Write<T>(0, values);
        }

        Assert.Equal(expected, File.ReadAllBytes(ours));

        File.WriteAllBytes(_folder.File("theirs.npy"), expected);
        using NpyFile theirs = NpyFile.Open(_folder.File("theirs.npy"), header, FileAccess.Read);
        T[] read = new T[values.Length];
        theirs.Read<T>(0, read);
        Assert.Equal(values, read);
    }

    [Fact]
    public void Reads_and_writes_any_row_where_it_stands()
    {
        var header = new NpyHeader(NpyType.Single, [5, 2]);
        string path = _folder.File("a.npy");
        using (NpyFile file = NpyFile.Create(path, header))
        {
            file.Write<float>(3, [7, 8]);
            file.Write<float>(0, [1, 2]);
        }

        using (NpyFile file = NpyFile.Open(path, header, FileAccess.ReadWrite))
        {
            float[] rows = new float[6];
            file.Read<float>(2, rows);
            Assert.Equal([0f, 0, 7, 8, 0, 0], rows);
            Assert.Throws<ArgumentOutOfRangeException>(() => file.Write<float>(5, [1, 2]));
            Assert.Throws<ArgumentOutOfRangeException>(() => file.Write<float>(4, [1, 2, 3, 4]));
            Assert.Throws<ArgumentOutOfRangeException>(() => file.Write<float>(0, [1]));
            Assert.Throws<ArgumentOutOfRangeException>(() => file.Read<float>(-1, rows));
        }

        Assert.Equal(128 + 40, new FileInfo(path).Length);
    }

    [Fact]
    public void Reads_headers_of_version_2_and_of_other_spacing()
    {
        string dictionary = "{\"shape\":(2,2),'fortran_order':False,'descr':'<u4'}\n";
        byte[] bytes =
        [
            0x93, .. "NUMPY"u8, 2, 0, (byte)dictionary.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(dictionary),
            .. new byte[12], 9, 0, 0, 0,
        ];
        File.WriteAllBytes(_folder.File("v2.npy"), bytes);
        using NpyFile file = NpyFile.Open(_folder.File("v2.npy"), new NpyHeader(NpyType.UInt32, [2, 2]), FileAccess.Read);
        uint[] row = new uint[2];
        file.Read<uint>(1, row);
        Assert.Equal([0u, 9], row);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", "NpyFortranOrder", "numpy.ascontiguousarray")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", "NpyTypeUnknown", "'>f4'")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 3), }", "NpyTypeUnknown", "'<c8'")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", "NpyShapeDiffers",
        "holds float16 [2, 3]; expected float32 [2, 3]")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3), }", "NpyShapeDiffers", "holds bool [2, 3]")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", "NpyShapeDiffers",
        "holds float64 [2, 3]; expected float32 [2, 3]")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", "NpyShapeDiffers",
        "holds float32 [3, 2]; expected float32 [2, 3]")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "NpyShapeDiffers", "holds float32 []")]
    [InlineData("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 3), }", "NpyHeaderInvalid",
        "not of a plain array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3), }", "NpyHeaderInvalid", "(2, -3)")]
    [InlineData("nonsense", "NpyHeaderInvalid", "nonsense")]
    public void Refuses_other_arrays(string dictionary, string id, string said) =>
        Fails(id, said, FromNumPy(dictionary, new string('0', 48)));

    [Fact]
    public void Refuses_what_is_cut_short_or_no_numpy_file()
    {
        byte[] good = FromNumPy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", new string('0', 48));
        Fails("NpyTruncated", "has 151 bytes but float32 [2, 3] takes 152", good[..^1]);
        Fails("NpyTruncated", "has 153 bytes", [.. good, 0]);
        Fails("NpyHeaderInvalid", "in a file of 100 bytes", good[..100]);
        Fails("NpyForeign", "has 5 bytes", good[..5]);
        Fails("NpyForeign", "has 0 bytes", []);
        Fails("NpyForeign", "NUMPY", Encoding.ASCII.GetBytes("PK and something else"));
        Fails("NpyHeaderInvalid", "version 9", [.. good[..6], 9, .. good[7..]]);
    }

    private void Fails(string id, string said, byte[] content)
    {
        string path = _folder.File("bad.npy");
        File.WriteAllBytes(path, content);
        var e = Assert.Throws<DatamodelException>(
            () => NpyFile.Open(path, new NpyHeader(NpyType.Single, [2, 3]), FileAccess.Read));
        Assert.Equal(id, e.Id);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_overwrites_a_file()
    {
        string path = _folder.Write("there.npy", "something");
        Assert.Throws<IOException>(() => NpyFile.Create(path, new NpyHeader(NpyType.UInt8, [1])));
        Assert.Equal("something", File.ReadAllText(path));
    }
}
