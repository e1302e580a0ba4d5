namespace Datamodels.IO;

/// <summary>The checksum CRC-32 of zip archives (polynomial 0xEDB88320, reflected), taken piece by piece.</summary>
internal struct Crc32
{
    private static readonly uint[] s_table = MakeTable();

    private uint _value;

    /// <summary>The checksum of what was appended so far.</summary>
    public readonly uint Value => _value;

    /// <summary>Goes on with more bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~_value;
        foreach (byte b in bytes)
        {
            crc = s_table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        _value = ~crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            table[i] = i;
            for (int bit = 0; bit < 8; bit++)
            {
                table[i] = (table[i] >> 1) ^ ((table[i] & 1) * 0xEDB88320);
            }
        }

        return table;
    }
}
