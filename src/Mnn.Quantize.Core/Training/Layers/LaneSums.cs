namespace Mnn.Quantize.Training.Layers;

/// <summary>An array for each lane, and their sum in the order of the lanes.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="length">Elements.</param>
internal sealed class LaneSums<T>(int length)
    where T : struct, System.Numerics.INumber<T>
{
    private readonly List<T[]> _lanes = [];
    private int _used;

    /// <summary>Begins anew, with zeros.</summary>
    public void Begin(int lanes, T start = default)
    {
        while (_lanes.Count < lanes)
        {
            _lanes.Add(new T[length]);
        }

        _used = lanes;
        foreach (T[] lane in _lanes)
        {
            Array.Fill(lane, start);
        }
    }

    /// <summary>The array of a lane.</summary>
    public T[] Of(int lane) => _lanes[lane];

    /// <summary>The arrays of the lanes in use, in order.</summary>
    public IEnumerable<T[]> All => _lanes.Take(_used);

    /// <summary>The sum over the lanes of element <paramref name="index"/>.</summary>
    public T Sum(int index)
    {
        T sum = default;
        for (int i = 0; i < _used; i++)
        {
            sum += _lanes[i][index];
        }

        return sum;
    }
}
